// SPDX-License-Identifier: MIT
// How long training is, what is recorded between epochs, and values that follow a metric.
#include "train/plateau.h"
#include "train/support.h"

namespace descent::testing {
namespace {

// ReduceLROnPlateau of PyTorch 2 with patience 2: the third epoch in a row without an improvement
// by more than 10 % reduces; the epoch of cooldown does not count.
TEST(Plateau, ReducesWhereTheMetricNoLongerImproves) {
  train::ReduceOnPlateau rule;
  rule.factor = 0.5;
  rule.patience = 2;
  rule.threshold = 0.1;
  rule.cooldown = 1;
  rule.metric = record::Metric::train_loss;
  train::Plateau plateau(rule, 1);
  std::vector<double> values;
  for (const double loss : {1.0, 0.95, 0.92, 0.91, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5}) {
    plateau.note(loss);
    values.push_back(plateau.value());
  }
  EXPECT_EQ(values, (std::vector<double>{1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25}));
}

TEST(Plateau, WaitsForAMetricToRiseIfMoreIsBetter) {
  train::ReduceOnPlateau rule;
  rule.patience = 0;
  rule.is_absolute = true;
  rule.threshold = 0.05;
  rule.min_lr = 0.02;
  rule.metric = record::Metric::validation_accuracy;
  train::Plateau plateau(rule, 1);
  std::vector<double> values;
  for (const double accuracy : {0.5, 0.6, 0.64, 0.7, 0.7}) {
    plateau.note(accuracy);
    values.push_back(plateau.value());
  }
  EXPECT_EQ(values, (std::vector<double>{1, 1, 0.1, 0.1, 0.02}));
}

// On (x^2 + 25 y^2) / 2 with lr 0.09, y grows by -1.25 a step: no epoch is better than the first,
// so the rate is reduced after epoch 3; with 0.009, y shrinks by 0.775.
TEST(Plateau, ChangesTheRateOfTheOptimizer) {
  train::Settings s;
  s.dtype = Element::float64;
  s.data = data::NoData{};
  s.model.surface = nn::SurfaceSpec{nn::SurfaceSpec::Kind::bowl};
  s.model.surface->condition = 25;
  s.model.init.kind = nn::InitSpec::Kind::point;
  s.model.init.point = {1, 1};
  s.optimizer = optimizer("sgd", {{"lr", 0.09}});
  s.train.epochs = 5;
  train::Schedule schedule;
  train::ReduceOnPlateau rule;
  rule.patience = 1;
  rule.metric = record::Metric::train_loss;
  schedule.rule = rule;
  s.train.schedules = {schedule};
  s.record = {1, true, true, {}};
  s.replicates.resample = data::Resample::none;
  const auto run = train(s);
  EXPECT_NEAR(run.weights[1], -std::pow(1.25, 3) * std::pow(0.775, 2), 1e-12);
}

// 256 samples in batches of 100 are three steps an epoch.
TEST(Steps, EndTrainingWithinAnEpoch) {
  auto s = line(0.01, 1);
  s.train.batch = 100;
  s.train.steps = 7;
  s.record.every = 1;
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(run.steps, 7u);
  EXPECT_EQ(run.epochs, 3u);
  EXPECT_EQ(curve(run, record::Metric::train_loss).size(), 4u) << "epochs 0 to 3";
}

TEST(Steps, AreThoseOfAsManyEpochs) {
  auto s = line(0.01, 3);
  s.train.batch = 100;
  auto other = s;
  other.train.epochs = 1;
  other.train.steps = 9;
  EXPECT_EQ(train(other).weights, train(s).weights);
}

TEST(Steps, AreRecordedBetweenEpochs) {
  auto s = line(0.01, 2);
  s.train.batch = 64;
  s.record.every = 1;
  s.record.every_steps = 2;
  const auto run = train(s);
  std::vector<std::uint64_t> steps;
  std::vector<double> epochs;
  for (const auto& point : run.step_curve)
    if (point.metric == record::Metric::train_loss)
      steps.push_back(point.step), epochs.push_back(point.epoch);
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{2, 6})) << "4 and 8 end an epoch";
  EXPECT_EQ(epochs, (std::vector<double>{0.5, 1.5}));
  auto plain = s;
  plain.record.every_steps = 0;
  EXPECT_EQ(train(plain).weights, run.weights) << "recording changes nothing";
  EXPECT_EQ(curve(train(plain), record::Metric::train_loss),
            curve(run, record::Metric::train_loss));
}

TEST(Checkpoints, AreTheWeightsAfterTheirEpochs) {
  auto s = line(0.01, 25);
  s.record.weights_every = 10;
  const auto run = train(s);
  ASSERT_EQ(run.checkpoints.size(), 3u);
  EXPECT_EQ(run.checkpoints[1].epoch, 10u);
  EXPECT_EQ(run.checkpoints[1].weights, train(line(0.01, 10)).weights);
}

TEST(Reduction, BatchmeanIsTheSumOverTheSamples) {
  auto sum = line(0.01, 5), mean = sum;
  sum.loss.reduction = train::Reduction::sum;
  sum.optimizer = optimizer("sgd", {{"lr", 0.01 / 256}});
  mean.loss.reduction = train::Reduction::batchmean;
  const auto a = train(sum), b = train(mean);
  EXPECT_NEAR(a.train_loss / 256, b.train_loss, 1e-12 * b.train_loss);
  expect_near(weights(a), weights(b), 1e-12);
}

}  // namespace
}  // namespace descent::testing
