// SPDX-License-Identifier: MIT
// Early stopping where every epoch's loss is known in closed form.
#include "train/early_stopping.h"

#include "train/support.h"

namespace descent::testing {
namespace {

// Gradient descent on (x^2 + condition y^2) / 2 from (1, 1): x_k = (1 - lr)^k, y_k = (1 - lr
// condition)^k.
train::Settings bowl(double lr, double condition, train::StopSettings stop) {
  train::Settings s;
  s.dtype = Element::float64;
  s.data = data::NoData{};
  s.model.surface = nn::SurfaceSpec{nn::SurfaceSpec::Kind::bowl};
  s.model.surface->condition = condition;
  s.model.init.kind = nn::InitSpec::Kind::point;
  s.model.init.point = {1, 1};
  s.optimizer = optimizer("sgd", {{"lr", lr}});
  s.train.epochs = 1000;
  stop.metric = record::Metric::train_loss;
  s.train.stop = stop;
  s.record = {1000, true, true, {}};
  s.replicates.resample = data::Resample::none;
  return s;
}

TEST(EarlyStopping, CountsEpochsSinceTheBest) {
  const train::StopSettings settings{2, 0.5, record::Metric::test_loss, false, {}};
  train::EarlyStopping stopping(settings);
  EXPECT_TRUE(stopping.note(1, 3));
  EXPECT_FALSE(stopping.note(2, 2.5)) << "min_delta is not enough: it must be exceeded";
  EXPECT_EQ(stopping.reason(), "");
  EXPECT_TRUE(stopping.note(3, 2.25));
  EXPECT_FALSE(stopping.note(4, 2));
  EXPECT_EQ(stopping.reason(), "");
  EXPECT_FALSE(stopping.note(5, 4));
  EXPECT_EQ(
      stopping.reason(),
      "stopped at epoch 5: test_loss has not improved by more than 0.5 for 2 epochs; the best "
      "was 2.25 at epoch 3");
}

// A training that diverges from its first epoch has no best.
TEST(EarlyStopping, HasNoBestAmongValuesThatAreNotFinite) {
  const train::StopSettings settings{2, 0, record::Metric::test_loss, false, {}};
  train::EarlyStopping stopping(settings);
  EXPECT_FALSE(stopping.note(1, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(stopping.note(2, std::numeric_limits<double>::infinity()));
  EXPECT_EQ(stopping.reason(),
            "stopped at epoch 2: test_loss has not improved by more than 0 for 2 epochs");
  EXPECT_TRUE(stopping.note(3, 7)) << "after them a finite one is better, however large";
}

TEST(EarlyStopping, EndsAtTheTargetInTheDirectionOfTheMetric) {
  const train::StopSettings loss{0, 0, record::Metric::test_loss, false, 0.5};
  train::EarlyStopping falling(loss);
  falling.note(1, 0.75);
  EXPECT_EQ(falling.reason(), "");
  falling.note(2, 0.5);
  EXPECT_EQ(falling.reason(), "stopped at epoch 2: test_loss is 0.5, and the target was 0.5");
  const train::StopSettings accuracy{0, 0, record::Metric::test_accuracy, false, 0.5};
  train::EarlyStopping rising(accuracy);
  rising.note(1, 0.25);
  EXPECT_EQ(rising.reason(), "");
  rising.note(2, 0.75);
  EXPECT_EQ(rising.reason(), "stopped at epoch 2: test_accuracy is 0.75, and the target was 0.5");
}

// Heights 0.81^k: with min_delta 0.05 epochs 1 to 7, 9 and 11 are improvements, 12 to 14 are none.
TEST(EarlyStopping, CountsWhatGainsMoreThanMinDelta) {
  const auto run = train(bowl(0.1, 1, {3, 0.05}));
  EXPECT_EQ(run.status, record::Status::done);
  EXPECT_EQ(run.epochs, 14u);
  EXPECT_EQ(run.reason,
            "stopped at epoch 14: train_loss has not improved by more than 0.05 for 3 epochs; the "
            "best was 0.0984771 at epoch 11");
  EXPECT_NEAR(run.train_loss, std::pow(0.81, 14), 1e-12);
  EXPECT_EQ(train(bowl(0.1, 1, {2, 0.05})).epochs, 13u);
  EXPECT_EQ(train(bowl(0.1, 1, {1, 0.05})).epochs, 8u);
}

TEST(EarlyStopping, EndsWithTheBestWeightsIfAsked) {
  // y grows as (-1.25)^k: no epoch is better than the first.
  const auto last = train(bowl(0.09, 25, {4}));
  EXPECT_EQ(last.epochs, 5u);
  expect_near(weights(last), {std::pow(0.91, 5), -std::pow(1.25, 5)}, 1e-12);
  const auto best = train(bowl(0.09, 25, {4, 0, record::Metric::train_loss, true}));
  EXPECT_EQ(best.epochs, 5u);
  expect_near(weights(best), {0.91, -1.25}, 1e-12);
  EXPECT_NEAR(best.train_loss, (0.91 * 0.91 + 25 * 1.25 * 1.25) / 2, 1e-12);
  EXPECT_NEAR(best.weight_norm, std::hypot(0.91, 1.25), 1e-12);
  EXPECT_EQ(curve(best, record::Metric::train_loss), curve(last, record::Metric::train_loss))
      << "what happened";
  EXPECT_EQ(curve(last, record::Metric::train_loss).rbegin()->first, 5u);
}

TEST(EarlyStopping, RestoresAlsoWhenTrainingWentToItsEnd) {
  auto s = bowl(0.09, 25, {4, 0, record::Metric::train_loss, true});
  s.train.epochs = 3;
  const auto run = train(s);
  EXPECT_EQ(run.epochs, 3u);
  EXPECT_EQ(run.reason, "");
  expect_near(weights(run), {0.91, -1.25}, 1e-12);
}

// Heights 0.81^k: 0.81^11 = 0.0985 is the first below 0.1.
TEST(EarlyStopping, EndsWhereTheTargetIsReached) {
  train::StopSettings stop;
  stop.target = 0.1;
  const auto run = train(bowl(0.1, 1, stop));
  EXPECT_EQ(run.status, record::Status::done);
  EXPECT_EQ(run.epochs, 11u);
  EXPECT_EQ(run.reason, "stopped at epoch 11: train_loss is 0.0984771, and the target was 0.1");
}

TEST(EarlyStopping, LetsARunThatImprovesGoOn) {
  auto s = bowl(0.01, 1, {1});
  s.train.epochs = 200;
  const auto run = train(s);
  EXPECT_EQ(run.epochs, 200u);
  EXPECT_EQ(run.reason, "");
}

// w x is fitted to x^2 on [0, 1], w from 0 towards 3/4; on [0, 1/2] the best w is half of that.
train::Settings parabola(bool restore) {
  auto s = line(0.05, 500, 0);
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data.function = {"x*x"};
  data.validation = 128;
  data.validation_x = {data::InputSpec::Kind::midpoints, 0, 0.5};
  nn::LayerSpec layer;
  layer.bias = false;
  s.model = {{layer}, {nn::InitSpec::Kind::zeros}};
  s.train.stop = train::StopSettings{7, 0, record::Metric::validation_loss, restore};
  s.record.every = 10;
  return s;
}

struct Parabola {
  explicit Parabola(const train::Settings& s) : source(training(s).source()) {
    const auto data = source.training(0);
    a = arma::mean(arma::mean(arma::square(data.features)));
    w = arma::mean(arma::mean(data.features % data.targets)) / a;
  }
  double weight(std::uint64_t k) const { return w * (1 - std::pow(1 - 2 * 0.05 * a, double(k))); }
  double validation_loss(std::uint64_t k) const {
    const auto& v = source.validation();
    return arma::mean(arma::mean(arma::square(weight(k) * v.features - v.targets)));
  }
  std::uint64_t best() const {
    std::uint64_t k = 1;
    while (validation_loss(k + 1) < validation_loss(k)) ++k;
    return k;
  }

  data::ReplicateSampler source;
  double a = 0, w = 0;
};

TEST(EarlyStopping, FollowsTheValidationLoss) {
  const Parabola closed_form(parabola(false));
  const auto best = closed_form.best();
  ASSERT_GT(best, 10u);
  const auto run = train(parabola(false));
  EXPECT_EQ(run.epochs, best + 7);
  EXPECT_NEAR(weights(run)(0), closed_form.weight(best + 7), 1e-12);
  const auto restored = train(parabola(true));
  EXPECT_EQ(restored.epochs, best + 7);
  EXPECT_NEAR(weights(restored)(0), closed_form.weight(best), 1e-12);
  EXPECT_NEAR(restored.validation_loss, closed_form.validation_loss(best), 1e-12);
  const auto curve_of = curve(restored, record::Metric::validation_loss);
  EXPECT_EQ(curve_of.size(), (best + 7) / 10 + 2) << "every tenth epoch, and the last";
  EXPECT_NEAR(curve_of.at(best + 7), closed_form.validation_loss(best + 7), 1e-12);
}

TEST(EarlyStopping, PredictsWithWhatItEndedWithFromThenOn) {
  for (const bool restore : {false, true}) {
    const auto s = parabola(restore);
    const auto ready = training(s);
    std::vector<arma::mat> predictions(ready.recorded_epochs().size());
    const auto run = ready.run(0, [&](std::size_t i, const arma::mat& p) { predictions[i] = p; });
    const Parabola closed_form(s);
    const auto& x = ready.source().test().data.features;
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const auto epoch = ready.recorded_epochs()[i];
      const double w = epoch >= run.epochs ? weights(run)(0) : closed_form.weight(epoch);
      ASSERT_FALSE(predictions[i].is_empty()) << epoch;
      EXPECT_LT(arma::abs(predictions[i] - w * x).max(), 1e-12) << epoch;
    }
  }
}

}  // namespace
}  // namespace descent::testing
