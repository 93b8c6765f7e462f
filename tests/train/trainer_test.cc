// SPDX-License-Identifier: MIT
// The training loop: recorded values, contents of batches, shared draws of replicates.
#include <cmath>

#include "train/support.h"

namespace descent::testing {
namespace {

std::vector<std::uint64_t> epochs_of(const std::map<std::uint64_t, double>& curve) {
  std::vector<std::uint64_t> epochs;
  for (const auto& [epoch, value] : curve) epochs.push_back(epoch);
  return epochs;
}

TEST(Record, HasEpochZeroAndTheLast) {
  const auto recorded = [](std::uint64_t epochs, std::uint64_t every) {
    auto s = line(0.01, epochs);
    s.record.every = every;
    return training(s).recorded_epochs();
  };
  using Epochs = std::vector<std::uint64_t>;
  EXPECT_EQ(recorded(10, 4), (Epochs{0, 4, 8, 10}));
  EXPECT_EQ(recorded(10, 5), (Epochs{0, 5, 10}));
  EXPECT_EQ(recorded(10, 100), (Epochs{0, 10}));
  EXPECT_EQ(recorded(3, 1), (Epochs{0, 1, 2, 3}));
  EXPECT_EQ(recorded(0, 1), (Epochs{0}));
}

TEST(Record, HasEveryMetricOfEveryRecordedEpoch) {
  auto s = line(0.01, 10);
  s.record.every = 4;
  s.regularizers = {regularizer("l2", 0.1)};
  const auto run = train(s);
  const std::vector<std::uint64_t> all = {0, 4, 8, 10}, trained = {4, 8, 10};
  for (const auto metric :
       {record::Metric::train_loss, record::Metric::test_loss, record::Metric::penalty})
    EXPECT_EQ(epochs_of(curve(run, metric)), all) << record::metric_name(metric);
  for (const auto metric : {record::Metric::running_loss, record::Metric::gradient_norm})
    EXPECT_EQ(epochs_of(curve(run, metric)), trained) << record::metric_name(metric);
  EXPECT_TRUE(curve(run, record::Metric::train_accuracy).empty())
      << "numbers are not right or wrong";
  EXPECT_EQ(run.train_loss, curve(run, record::Metric::train_loss).at(10));
  EXPECT_EQ(run.test_loss, curve(run, record::Metric::test_loss).at(10));
  EXPECT_EQ(run.penalty, curve(run, record::Metric::penalty).at(10));
}

// Every step takes the gradient of the batch; SAM asks for a second one uphill (Foret et al. 2021,
// algorithm 1). Measuring at recorded epochs takes none.
TEST(Record, CountsTheEvaluationsOfEveryStep) {
  for (const auto& [name, evaluations] : {std::pair("sgd", 1u), std::pair("sam", 2u)}) {
    auto s = line(0.01, 10);
    s.optimizer = optimizer(name, {});
    s.train.batch = 100;  // 3 steps an epoch of 256 samples
    s.record.every = 4;
    const auto run = train(s);
    EXPECT_EQ(run.steps, 30u);
    EXPECT_EQ(run.evaluations, 30u * evaluations) << name;
    std::vector<std::uint64_t> epochs;
    double before = 0;
    for (const auto& cost : run.costs) {
      epochs.push_back(cost.epoch);
      EXPECT_EQ(cost.steps, 3 * cost.epoch);
      EXPECT_EQ(cost.evaluations, 3 * cost.epoch * evaluations);
      EXPECT_GE(cost.elapsed_seconds, before);
      before = cost.elapsed_seconds;
    }
    EXPECT_EQ(epochs, (std::vector<std::uint64_t>{0, 4, 8, 10}));
    EXPECT_GE(run.train_seconds, before);
  }
}

TEST(Record, HasNoPenaltyAndNoTestLossWhereThereIsNone) {
  auto s = line();
  std::get<data::SyntheticSpec>(s.data).test = 0;
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_TRUE(curve(run, record::Metric::penalty).empty());
  EXPECT_TRUE(curve(run, record::Metric::test_loss).empty());
  EXPECT_TRUE(std::isnan(run.penalty) && std::isnan(run.test_loss));
}

TEST(Record, GivesTheTestPredictionsOfEveryRecordedEpoch) {
  auto s = line(0.01, 10);
  s.record.every = 4;
  const auto point = training(s);
  std::vector<std::size_t> positions;
  std::vector<double> losses;
  const auto run = point.run(0, [&](std::size_t position, const arma::mat& prediction) {
    positions.push_back(position);
    const arma::mat error = prediction - point.source().test().data.targets;
    losses.push_back(arma::accu(arma::square(error)) / 100);
  });
  EXPECT_EQ(positions, (std::vector<std::size_t>{0, 1, 2, 3}));
  const auto test_loss = curve(run, record::Metric::test_loss);
  for (std::size_t i = 0; i < losses.size(); ++i)
    EXPECT_NEAR(losses[i], test_loss.at(point.recorded_epochs()[i]), 1e-12);
}

TEST(Record, HasTheNormsOfWeightsAndGradient) {
  auto s = line(0.01, 1);
  const auto run = train(s);
  EXPECT_DOUBLE_EQ(run.weight_norm, arma::norm(weights(run)));
  s.train.epochs = 0;
  const arma::vec moved = weights(train(s)) - weights(run);  // lr times the gradient
  EXPECT_NEAR(curve(run, record::Metric::gradient_norm).at(1), arma::norm(moved) / 0.01, 1e-10);
}

TEST(Record, LeavesTheWeightsOutUnlessAsked) {
  auto s = line();
  s.record.weights = false;
  EXPECT_TRUE(weights(train(s)).is_empty());
}

TEST(RunningLoss, OfAFullBatchIsTheLossBeforeTheStep) {
  auto s = line(0.01, 3);
  s.record.every = 1;
  const auto run = train(s);
  const auto before = curve(run, record::Metric::train_loss),
             running = curve(run, record::Metric::running_loss);
  for (const std::uint64_t epoch : {1, 2, 3})
    EXPECT_NEAR(running.at(epoch), before.at(epoch - 1), 1e-13 * before.at(epoch - 1));
}

// Nothing moves at lr 0, so the mean over batches is the loss over all if each sample counts once.
TEST(MiniBatches, CoverEverySampleOnceAnEpoch) {
  for (const std::uint64_t size : {1, 7, 100, 128, 255, 256, 1000}) {
    auto s = line(0, 3);
    s.record.every = 1;
    s.train.batch = size;
    const auto run = train(s);
    EXPECT_EQ(run.steps, 3 * (256 / std::min<std::uint64_t>(size, 256) +
                              (256 % std::min<std::uint64_t>(size, 256) != 0)));
    for (const auto& [epoch, running] : curve(run, record::Metric::running_loss))
      EXPECT_NEAR(running, run.train_loss, 1e-12 * run.train_loss) << size;
  }
}

TEST(MiniBatches, AsLargeAsTheDataAreTheFullBatch) {
  auto s = line();
  const arma::vec full = weights(train(s));
  for (const std::uint64_t size : {256, 257}) {
    s.train.batch = size;
    expect_near(weights(train(s)), full, 0);
  }
}

TEST(MiniBatches, CarryTheirTargetsAlong) {
  auto s = line(0.05, 400, 0);
  s.train.batch = 7;
  expect_near(weights(train(s)), {5, 7}, 1e-6);
}

double first_loss(const train::Settings& s, std::uint64_t replicate) {
  return curve(train(s, replicate), record::Metric::train_loss).at(0);
}

TEST(CommonRandomNumbers, AreSharedByTheSameReplicateOfTwoPoints) {
  auto a = line(), b = line(), c = line();
  a.train.batch = b.train.batch = 32;
  b.optimizer = optimizer("adam", {{"lr", 0.1}});
  c.regularizers = {regularizer("l1", 0.1)};
  for (const std::uint64_t replicate : {0, 1, 7}) {
    EXPECT_EQ(first_loss(a, replicate), first_loss(b, replicate));
    EXPECT_EQ(first_loss(a, replicate), first_loss(c, replicate));
  }
  EXPECT_NE(first_loss(a, 0), first_loss(a, 1));
}

TEST(CommonRandomNumbers, MakeARunRepeatItself) {
  auto s = line();
  s.train.batch = 32;
  const auto once = train(s, 3), again = train(s, 3);
  expect_near(weights(once), weights(again), 0);
  EXPECT_EQ(once.train_loss, again.train_loss);
}

TEST(CommonRandomNumbers, FollowTheSeed) {
  auto s = line();
  const double first = first_loss(s, 0);
  s.seed = 43;
  EXPECT_NE(first_loss(s, 0), first);
}

struct Differences {
  bool first_loss, weights;
};

// How replicates 0 and 1 differ: in the loss at the start, in the final weights.
Differences differences(bool data, bool init, bool order) {
  auto s = line(0.01, 3);
  s.train.batch = 32;
  s.replicates.vary_data = data;
  s.replicates.vary_init = init;
  s.replicates.vary_order = order;
  const arma::vec a = weights(train(s, 0)), b = weights(train(s, 1));
  return {first_loss(s, 0) != first_loss(s, 1), arma::abs(a - b).max() > 0};
}

TEST(Vary, NothingMakesReplicatesEqual) {
  const auto [first_loss, weights] = differences(false, false, false);
  EXPECT_FALSE(first_loss || weights);
}

TEST(Vary, DataOrInitChangesTheStart) {
  EXPECT_TRUE(differences(true, false, false).first_loss);
  EXPECT_TRUE(differences(false, true, false).first_loss);
}

TEST(Vary, OrderChangesOnlyTheWay) {
  const auto [first_loss, weights] = differences(false, false, true);
  EXPECT_FALSE(first_loss);
  EXPECT_TRUE(weights);
}

TEST(Vary, InitLeavesTheDataAlone) {
  auto s = line(0.5, 2000);
  s.replicates.vary_data = false;
  expect_near(weights(train(s, 0)), weights(train(s, 1)), 1e-10);  // the same least squares
}

TEST(Float, StaysCloseToDouble) {
  auto s = line(0.1, 300);
  s.train.batch = 64;
  const arma::vec wide = weights(train(s));
  s.dtype = Element::float32;
  const auto run = train(s);
  expect_near(weights(run), wide, 1e-4);
  EXPECT_GT(arma::abs(weights(run) - wide).max(), 0) << "this was not float";
}

// The sum is n times the mean, so a step of lr/n does the same.
TEST(Reduction, ToTheSumIsTheMeanTimesTheSamples) {
  const auto mean = train(line(0.01, 20));
  auto s = line(0.01 / 256, 20);
  s.loss.reduction = train::Reduction::sum;
  const auto sum = train(s);
  EXPECT_NEAR(curve(sum, record::Metric::train_loss).at(0),
              256 * curve(mean, record::Metric::train_loss).at(0), 1e-9);
  EXPECT_NEAR(curve(sum, record::Metric::test_loss).at(0),
              100 * curve(mean, record::Metric::test_loss).at(0), 1e-9);
  expect_near(weights(sum), weights(mean), 1e-12);
}

}  // namespace
}  // namespace descent::testing
