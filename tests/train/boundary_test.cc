// SPDX-License-Identifier: MIT
// The calls of plugins in a training step: one each, and their inputs.
#include "train/support.h"

namespace descent::testing {
namespace {

// Three plugins that count. A recorded epoch measures the loss on the training set once more.
class Calls : public ::testing::Test {
 protected:
  Calls() : settings_(line(0, 4)) {
    std::get<data::SyntheticSpec>(settings_.data).test = 0;
    settings_.loss.plugin = choose(DESCENT_LOSS, "counting_loss");
    settings_.optimizer = optimizer("counting_optimizer", {});
    settings_.regularizers = {{choose(DESCENT_REGULARIZER, "counting_penalty")}};
    settings_.record.every = 1;
  }

  train::Settings settings_;
};

TEST_F(Calls, AreOneOfTheLossAStep) {
  const auto run = train(settings_);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  const auto recorded = curve(run, record::Metric::train_loss),
             running = curve(run, record::Metric::running_loss);
  for (const std::uint64_t epoch : {1, 2, 3, 4}) {
    EXPECT_EQ(running.at(epoch), recorded.at(epoch - 1) + 1);
    EXPECT_EQ(recorded.at(epoch), running.at(epoch) + 1);
  }
}

TEST_F(Calls, AreOneOfEveryRegularizerAStep) {
  const auto run = train(settings_);
  const auto penalty = curve(run, record::Metric::penalty);
  for (const std::uint64_t epoch : {1, 2, 3, 4})
    EXPECT_EQ(penalty.at(epoch) - penalty.at(epoch - 1), 2) << "a step and a record";
}

TEST_F(Calls, AreOneOfTheOptimizerAStep) {
  settings_.train.batch = 100;  // three batches
  settings_.train.epochs = 1;
  const double before = weights(train(settings_))(0);
  settings_.train.epochs = 5;
  const auto run = train(settings_);
  EXPECT_EQ(run.steps, 15u);
  // The library is loaded again for every point, and counts from zero, unless it is kept mapped.
  const double calls = weights(run)(0);
  EXPECT_TRUE(calls == 15 || calls == before + 15) << calls;
}

TEST_F(Calls, GiveTheRegularizerTheWeightsAlone) {
  const auto run = train(settings_);
  // The loss's gradient is 1 for each of 256 predictions at x = midpoints; the penalty adds 1 to
  // the weight's and nothing to the bias's.
  EXPECT_NEAR(curve(run, record::Metric::gradient_norm).at(1), std::hypot(128 + 1, 256), 1e-10);
}

train::Settings eight_weights() {
  auto s = line(0, 1, 0.25);
  std::get<data::SyntheticSpec>(s.data) = {.function = {"x1 + 2"},
                                           .dims = 7,
                                           .x = {data::InputSpec::Kind::normal, 0, 1},
                                           .noise = {},
                                           .train = 30,
                                           .test = 0,
                                           .test_x = {}};
  s.model.init = {nn::InitSpec::Kind::zeros};
  return s;
}

TEST(Step, KnowsEpochStepsAndBlocks) {
  auto s = eight_weights();
  s.optimizer = optimizer("witness", {});
  s.train.epochs = 3;
  s.train.batch = 8;
  const auto run = train(s);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(weights(run)(0), 12);   // t
  EXPECT_EQ(weights(run)(1), 3);    // epoch
  EXPECT_EQ(weights(run)(2), 12);   // planned steps
  EXPECT_EQ(weights(run)(4), 2);    // blocks
  EXPECT_EQ(weights(run)(5), 7.5);  // the last starts at 7 and is a bias
}

TEST(Step, HasASeedOfItsOwn) {
  auto s = eight_weights();
  s.optimizer = optimizer("witness", {});
  const double seed = weights(train(s, 0))(3);
  EXPECT_EQ(weights(train(s, 0))(3), seed);
  EXPECT_NE(weights(train(s, 1))(3), seed) << "another run";
  s.train.epochs = 2;
  EXPECT_NE(weights(train(s, 0))(3), seed) << "another step";
}

TEST(Step, EvaluatesTheObjectiveAnywhere) {
  auto s = eight_weights();
  s.regularizers = {regularizer("l2", 0.5)};
  const double at_zero = curve(train(s), record::Metric::train_loss).at(0);
  const arma::mat data = training(s).source().training(0).features;
  const arma::mat y = training(s).source().training(0).targets;

  s.model.init = {nn::InitSpec::Kind::normal, 0, 3};
  s.optimizer = optimizer("witness", {});
  const auto run = train(s);
  EXPECT_NEAR(weights(run)(6), at_zero, 1e-12) << "f(0), penalty included: 0 at 0";
  EXPECT_NEAR(weights(run)(7), 1000 - 2 * arma::dot(data.row(0), y) / 30, 1e-10) << "f'(0)";
}

}  // namespace
}  // namespace descent::testing
