// SPDX-License-Identifier: MIT
// What a step can ask the training for, against central differences: the plugin step_witness throws
// where two answers contradict each other.
#include "train/support.h"

namespace descent::testing {
namespace {

using Kind = nn::LayerSpec::Kind;

train::Settings net(std::vector<Kind> activations, const std::string& loss = "mse") {
  auto s = line(0.05, 3);
  s.model = {{}, {nn::InitSpec::Kind::torch}};
  for (const auto kind : activations) {
    s.model.layers.push_back({Kind::linear, 4, true, 0.01});
    s.model.layers.push_back({kind, 0, true, 0.5});
  }
  s.model.layers.push_back({Kind::linear, 0, true, 0.01});
  s.loss.plugin = choose(DESCENT_LOSS, loss);
  s.optimizer = optimizer("step_witness", {});
  return s;
}

void expect_done(const train::Settings& s) {
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(run.epochs, 3u);
}

TEST(StepContext, GivesExactHessiansOfEveryActivation) {
  for (const auto kind :
       {Kind::gelu, Kind::tanh, Kind::sigmoid, Kind::softplus, Kind::softmax, Kind::log_softmax})
    expect_done(net({kind}));
}

// At 0 its slope jumps, and differences across a jump are no Hessian: all weights of one sign keep
// every unit on one side.
TEST(StepContext, GivesExactHessiansOfBothSidesOfElu) {
  for (const double side : {-1, 1}) {
    auto s = net({Kind::elu});
    s.model.init = {nn::InitSpec::Kind::uniform, std::min(side, side / 2),
                    std::max(side, side / 2)};
    s.optimizer = optimizer("step_witness", {{"lr", 1e-4}});
    expect_done(s);
  }
}

TEST(StepContext, GivesExactHessiansOfDeepNets) {
  expect_done(net({Kind::tanh, Kind::softplus, Kind::sigmoid}));
}

TEST(StepContext, GivesExactHessiansOfScalarFormulasAndOfThoseWithTheirOwnDerivative) {
  for (const auto* loss : {"mse", "log_cosh"}) expect_done(net({Kind::tanh}, loss));
}

TEST(StepContext, CountsPenaltiesInTheHessian) {
  for (const auto* name : {"l2", "huber_penalty"}) {
    auto s = net({Kind::tanh});
    s.regularizers = {regularizer(name, 0.1)};
    s.optimizer = optimizer("step_witness", {{"penalized", 1}});
    expect_done(s);
  }
}

TEST(StepContext, MeansTheBatchOfTheStep) {
  auto s = net({Kind::tanh});
  s.train.batch = 100;  // 3 batches, the last of 56
  expect_done(s);
  s.loss.reduction = train::Reduction::sum;
  s.optimizer.hyperparameters[0] = 1e-4;
  EXPECT_EQ(train(s).status, record::Status::done) << train(s).reason;
}

TEST(StepContext, MultipliesByTheHessianOfASurface) {
  train::Settings s;
  s.dtype = Element::float64;
  s.data = data::NoData{};
  s.model.surface = nn::SurfaceSpec{nn::SurfaceSpec::Kind::rosenbrock, 10, 0};
  s.model.init.kind = nn::InitSpec::Kind::point;
  s.model.init.point = {-1.2, 1};
  s.replicates.resample = data::Resample::none;
  s.optimizer = optimizer("newton_cg", {});
  s.train.epochs = 100;
  const auto run = train(s);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_NEAR(run.train_loss, 0, 1e-12) << "Newton's method reaches the minimum of Rosenbrock";
}

TEST(StepContext, ExplainsThatALossGivesNoSecondDerivatives) {
  auto s = net({Kind::tanh});
  s.regularizers = {regularizer("nuclear", 0.1)};
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: optimizer 'step_witness' multiplies by the Hessian, and regularizer 'nuclear' "
            "gives no second derivatives; use apply: proximal");
}

TEST(StepContext, ExplainsThatASurfaceHasNoSamples) {
  train::Settings s;
  s.data = data::NoData{};
  s.model.surface = nn::SurfaceSpec{};
  s.model.init.kind = nn::InitSpec::Kind::point;
  s.replicates.resample = data::Resample::none;
  s.optimizer = optimizer("natural_gradient", {});
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: optimizer 'natural_gradient' takes the gradient of each sample, and a surface "
            "has no samples");
}

// The gradients of three samples of a batch of three: y = w x + b, (y - t)^2.
TEST(StepContext, TakesTheEvaluationsOfSvrgAsTheyAre) {
  auto s = line(0.01, 4);
  s.optimizer = optimizer("svrg", {{"lr", 0.01}});
  s.train.batch = 64;  // 4 batches: a step takes two gradients of a batch, an epoch all 4 once more
  const auto run = train(s);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(run.evaluations, 4u * (4 * 2 + 4));
}

}  // namespace
}  // namespace descent::testing
