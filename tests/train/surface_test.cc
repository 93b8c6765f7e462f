// SPDX-License-Identifier: MIT
// Training on a surface: recorded values, the noise of its gradient, and how rules leave a saddle.
#include <cmath>

#include "train/support.h"

namespace descent::testing {
namespace {

using Form = nn::SurfaceSpec::Kind;

train::Settings on(const nn::SurfaceSpec& surface, double x, double y, std::uint64_t epochs,
                   host::PluginConfig rule = optimizer("sgd", {{"lr", 0.1}})) {
  train::Settings s;
  s.seed = 42;
  s.dtype = Element::float64;
  s.data = data::NoData{};
  s.model.surface = surface;
  s.model.init.kind = nn::InitSpec::Kind::point;
  s.model.init.point = {x, y};
  s.optimizer = std::move(rule);
  s.train.epochs = epochs;
  s.record = {1, true, true, {}};
  s.replicates.resample = data::Resample::none;
  return s;
}

TEST(OnASurface, TheLossIsTheHeightAndTheWeightsAreThePoint) {
  const auto run = train(on({Form::bowl, 4}, 1, 1, 1));
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  const auto height = curve(run, record::Metric::train_loss);
  EXPECT_DOUBLE_EQ(height.at(0), 2.5);
  EXPECT_DOUBLE_EQ(height.at(1), (0.81 + 4 * 0.36) / 2);
  EXPECT_DOUBLE_EQ(curve(run, record::Metric::x).at(1), 0.9);
  EXPECT_DOUBLE_EQ(curve(run, record::Metric::y).at(1), 0.6);
  EXPECT_DOUBLE_EQ(curve(run, record::Metric::gradient_norm).at(1), std::sqrt(17));
  EXPECT_DOUBLE_EQ(curve(run, record::Metric::running_loss).at(1), 2.5);
  expect_near(weights(run), {0.9, 0.6}, 1e-15);
  EXPECT_TRUE(std::isnan(run.test_loss));
}

// By hand on x^2 / 2, with gradient x, from 1: with momentum 0.9 and dampening 0.5 at rate 0.1
//   plain     v = 1, 0.9 + 0.5 0.9 = 1.35, 0.9 1.35 + 0.5 0.765 = 1.5975
//   nesterov  x = 1 - 0.1 (1 + 0.9) = 0.81, v = 0.9 + 0.5 0.81 = 1.305, x -= 0.1 (0.81 + 0.9 v)
TEST(OnASurface, SgdFollowsTheFormulaThatItPrints) {
  EXPECT_STREQ(all_plugins().get(DESCENT_OPTIMIZER, "sgd")->formula,
               "v = g at step 1 or without momentum, else momentum v + (1-dampening) g; x -= lr v, "
               "or with nesterov and momentum x -= lr (g + momentum v)");
  std::map<std::string, double> hyperparameters{{"lr", 0.1}, {"momentum", 0.9}, {"dampening", 0.5}};
  const auto plain = curve(train(on({Form::bowl, 1}, 1, 0, 3, optimizer("sgd", hyperparameters))),
                           record::Metric::x);
  EXPECT_NEAR(plain.at(1), 0.9, 1e-15);
  EXPECT_NEAR(plain.at(2), 0.9 - 0.135, 1e-15);
  EXPECT_NEAR(plain.at(3), 0.765 - 0.15975, 1e-15);
  hyperparameters["nesterov"] = 1;
  hyperparameters["dampening"] = 0;
  const auto ahead = curve(train(on({Form::bowl, 1}, 1, 0, 2, optimizer("sgd", hyperparameters))),
                           record::Metric::x);
  EXPECT_NEAR(ahead.at(1), 0.81, 1e-15);
  EXPECT_NEAR(ahead.at(2), 0.81 - 0.1 * (0.81 + 0.9 * 1.71), 1e-15);
  hyperparameters = {{"lr", 0.1}, {"dampening", 0.5}};  // does nothing without momentum
  const auto without = curve(train(on({Form::bowl, 1}, 1, 0, 2, optimizer("sgd", hyperparameters))),
                             record::Metric::x);
  EXPECT_NEAR(without.at(2), 0.9 * 0.9, 1e-15);
}

TEST(OnASurface, PenaltiesSchedulesAndClippingAct) {
  auto s = on({Form::bowl, 1}, 1, 0, 2);
  s.regularizers = {regularizer("l2", 0.5)};
  s.train.schedules = {{train::ExponentialRule{0.5}}};
  s.train.clip_value = 1.5;
  const auto x = curve(train(s), record::Metric::x);
  EXPECT_DOUBLE_EQ(x.at(1), 1 - 0.1 * 1.5);         // of a gradient of 2
  EXPECT_DOUBLE_EQ(x.at(2), x.at(1) - 0.05 * 1.5);  // of 1.7
  EXPECT_DOUBLE_EQ(train(s).penalty, 0.5 * std::pow(x.at(2), 2));
}

TEST(OnASurface, NoiseIsOfTheReplicatesOrderAndOfItsSize) {
  auto s = on({Form::bowl, 1, 0.5}, 0, 0, 4000, optimizer("sgd", {{"lr", 1}}));
  const auto x = curve(train(s), record::Metric::x), y = curve(train(s), record::Metric::y);
  double squares = 0;  // with lr 1 on this bowl a step ends at minus its noise
  for (std::uint64_t t = 1; t <= 4000; ++t) squares += x.at(t) * x.at(t) + y.at(t) * y.at(t);
  EXPECT_NEAR(squares / 8000, 0.25, 3.5 * 0.25 * std::sqrt(2.0 / 8000));

  EXPECT_TRUE(arma::all(weights(train(s, 0)) == weights(train(s, 0))));
  EXPECT_TRUE(arma::any(weights(train(s, 0)) != weights(train(s, 1))));
  s.replicates.vary_order = false;
  EXPECT_TRUE(arma::all(weights(train(s, 0)) == weights(train(s, 1))));
}

// A step's evaluations share its noise, as they would share a batch.
TEST(OnASurface, NoiseStaysWithinAStep) {
  const auto once = train(on({Form::bowl, 1, 0.5}, 1, 1, 1));
  const auto twice = train(on({Form::bowl, 1, 0.5}, 1, 1, 1,
                              optimizer("sam", {{"lr", 0.1}, {"rho", 0}, {"momentum", 0}})));
  expect_near(weights(twice), weights(once), 1e-15);
}

// Every rule that ships, with a step that is large enough for a few hundred of them: of lars, which
// scales its step down by trust, that too. Rules of samples have no place on a surface, and the
// Polyak step needs to know how low it goes. An evolution strategy makes noise of its own.
std::vector<host::PluginConfig> shipped_rules() {
  const host::Catalog shipped({shipped_plugins()});
  std::vector<host::PluginConfig> rules;
  for (const auto& name : shipped.names(DESCENT_OPTIMIZER)) {
    const auto& plugin = shipped.get(DESCENT_OPTIMIZER, name);
    if (plugin->needs & DESCENT_NEEDS_SAMPLE_GRADIENTS || name == "cma_es") continue;
    std::map<std::string, double> hyperparameters;
    if (plugin.hyperparameter_index("lr") >= 0 || plugin->base) hyperparameters["lr"] = 0.05;
    if (plugin.hyperparameter_index("least") >= 0) hyperparameters["least"] = -0.25;
    if (plugin.hyperparameter_index("trust") >= 0) hyperparameters["trust"] = 1;
    rules.push_back(plugin.settle(hyperparameters));
  }
  return rules;
}

TEST(Saddle, KeepsEveryRuleOnItsAxisWithoutNoise) {
  for (const auto& rule : shipped_rules()) {
    const auto run = train(on({Form::saddle}, 1, 0, 300, rule));
    ASSERT_EQ(run.status, record::Status::done) << rule.name << ' ' << run.reason;
    for (const auto& [epoch, y] : curve(run, record::Metric::y))
      ASSERT_EQ(y, 0) << rule.name << epoch;
  }
}

// How far from the axis a rule gets with noise of 1e-6 on its gradients.
double farthest(const host::PluginConfig& rule) {
  const auto run = train(on({Form::saddle, 1, 1e-6}, 0.1, 0, 2000, rule));
  EXPECT_EQ(run.status, record::Status::done) << rule.name << ' ' << run.reason;
  double most = 0;
  for (const auto& [epoch, y] : curve(run, record::Metric::y)) most = std::max(most, std::abs(y));
  return most;
}

TEST(Saddle, LetsEveryRuleGoWithAnyNoise) {
  for (const auto& rule : shipped_rules())
    if (rule.name != "sam") {
      EXPECT_GT(farthest(rule), 0.5) << rule.name;
    }
}

// The exception: within rho of a saddle the worst point lies beyond it, so that sam is drawn to it.
// Kim, Park, Choi & Lee 2023, arXiv:2301.06308.
TEST(Saddle, HoldsSharpnessAwareMinimization) {
  const auto sam = [](double rho) { return optimizer("sam", {{"lr", 0.05}, {"rho", rho}}); };
  EXPECT_LT(farthest(sam(0.05)), 0.05);
  EXPECT_GT(farthest(sam(0)), 0.5);
}

// On the way out y grows by the factor 1 + lr a step, so a start a thousand times nearer costs
// ln 1000 / ln(1 + lr) steps more.
TEST(Saddle, HoldsGradientDescentForTheLogarithmOfItsStart) {
  for (const double lr : {0.02, 0.1, 0.5}) {
    const auto escape = [&](double y0) {
      const auto rule = optimizer("sgd", {{"lr", lr}});
      for (const auto& [epoch, y] :
           curve(train(on({Form::saddle}, 0, y0, 2000, rule)), record::Metric::y))
        if (y > 0.5) return double(epoch);
      return 0.0;
    };
    const double step = std::log(1e3) / std::log(1 + lr);
    EXPECT_NEAR(escape(1e-9) - escape(1e-6), step, 1) << lr;
    EXPECT_NEAR(escape(1e-12) - escape(1e-6), 2 * step, 1) << lr;
  }
}

}  // namespace
}  // namespace descent::testing
