// SPDX-License-Identifier: MIT
// Grids into a store: the same bits for any number of workers and after any stop, nothing trained
// twice, nothing missing.
#include "engine/runner.h"

#include <thread>

#include "engine/laboratory.h"

namespace descent {
namespace {

using RunnerTest = Laboratory;

const std::string grid = R"(
experiment: grid
seed: 3
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 40, test: 30}}
model: {layers: [{linear: 4}, tanh, {linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: {grid: [0.1, 0.01]}}}, adam]}
regularizer: {l2: {lambda: {grid: [0.0, 0.1]}}}
train: {epochs: 20, batch: 16}
replicates: 7
record: {every: 5, weights: true}
)";

TEST_F(RunnerTest, EveryPlannedRunEndsInExactlyOneRow) {
  const auto outcome = run(grid, "a.db");
  EXPECT_EQ(outcome.trained(), 6u * 7);
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 42);
  EXPECT_EQ(number("a.db", "SELECT count(DISTINCT point_id || ':' || replicate) FROM runs"), 42);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM bias_variance"), 6 * 5);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM chunks"), 0);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM grid WHERE optimizer = 'adam'"), 2);
}

TEST_F(RunnerTest, TheSameBitsForAnyNumberOfWorkers) {
  run(grid, "one.db", 1);
  const auto expected = store::dump(path("one.db"));
  for (const unsigned workers : {2u, 3u, 5u}) {
    const auto store = std::to_string(workers) + ".db";
    run(grid, store, workers);
    EXPECT_EQ(store::dump(path(store)), expected) << workers << " workers";
  }
}

TEST_F(RunnerTest, StoredResultsAreNotTrainedAgain) {
  run(grid, "a.db");
  const auto before = store::dump(path("a.db"));
  const auto again = run(grid, "a.db");
  EXPECT_EQ(again.trained(), 0u);
  EXPECT_EQ(again.stored, 42u);
  EXPECT_EQ(store::dump(path("a.db")), before);
  EXPECT_EQ(run(grid, "a.db", 2, /*fresh=*/true).trained(), 42u);
  EXPECT_EQ(store::dump(path("a.db")), before);
}

TEST_F(RunnerTest, OnlyNewPointsOfAWiderGridAreTrained) {
  run(grid, "a.db");
  const auto wider = run(grid, "a.db", 2, false, {"regularizer.lambda={grid: [0.0, 0.1, 0.2]}"});
  EXPECT_EQ(wider.trained(), 3u * 7);
  EXPECT_EQ(wider.stored, 42u);
}

TEST_F(RunnerTest, StoppedAndResumedItIsAsIfNeverStopped) {
  run(grid, "whole.db");
  const auto expected = store::dump(path("whole.db"));
  for (const int microseconds : {0, 300, 1000, 3000, 6000, 10000}) {
    const auto store = "stop" + std::to_string(microseconds) + ".db";
    volatile std::sig_atomic_t stop = 0;
    std::thread alarm([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(20000 + microseconds));
      stop = 1;
    });
    run_until(stop, grid, store, 2);
    alarm.join();
    run(grid, store);
    EXPECT_EQ(store::dump(path(store)), expected) << "stopped after " << microseconds << " us";
  }
}

TEST_F(RunnerTest, MoreReplicatesLeaveTheOldRowsAsTheyAre) {
  const std::string rows =
      "SELECT replicate, train_loss, test_loss FROM runs WHERE replicate < 7 "
      "ORDER BY point_id, replicate";
  run(grid, "a.db");
  const auto before = store::query(path("a.db"), rows, store::Format::csv);
  run(grid, "a.db", 2, false, {"replicates=12"});
  EXPECT_EQ(store::query(path("a.db"), rows, store::Format::csv), before);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs"), 6 * 12);
  EXPECT_EQ(number("a.db", "SELECT min(replicates) FROM bias_variance"), 12);
  EXPECT_EQ(run(grid, "a.db").trained(), 0u) << "fewer replicates than are stored";
  run(grid, "fresh.db", 2, false, {"replicates=12"});
  run(grid, "fresh.db");  // so that both stores name the same source
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("fresh.db")));
}

TEST_F(RunnerTest, HundredsOfReplicatesAreGroupedTheSameForAnyWorkers) {
  const std::vector<std::string> many{"replicates=230", "optimizer={sgd: {lr: 0.1}}",
                                      "regularizer={l2: {lambda: 0.1}}"};
  run(grid, "one.db", 1, false, many);
  run(grid, "two.db", 2, false, many);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
  EXPECT_EQ(text("one.db", "SELECT se_method FROM bias_variance LIMIT 1"), "group:100");
}

TEST_F(RunnerTest, DecompositionAddsUp) {
  run(grid, "a.db");
  EXPECT_LT(number("a.db",
                   "SELECT max(abs(total - noise - bias2 - variance) / total) FROM bias_variance"),
            1e-12);
  EXPECT_LT(number("a.db", "SELECT max(identity_residual) FROM bias_variance"), 1e-9);
  EXPECT_NEAR(number("a.db", "SELECT noise FROM bias_variance LIMIT 1"), 0.0625, 1e-15);
}

TEST_F(RunnerTest, AGridWithoutATestSetHasNoDecomposition) {
  run(grid, "a.db", 2, false, {"data.synthetic.test=0"});
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM bias_variance"), 0);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE test_loss IS NULL"), 42);
  EXPECT_EQ(run(grid, "a.db", 2, false, {"data.synthetic.test=0"}).trained(), 0u);
}

}  // namespace
}  // namespace descent
