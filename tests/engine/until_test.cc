// SPDX-License-Identifier: MIT
// Replicates until an interval is narrow enough: as many as it takes, the same for any number of
// workers and interruptions.
#include <thread>

#include "engine/laboratory.h"
#include "engine/precision.h"

namespace descent {
namespace {

class UntilTest : public Laboratory {};

// A constant fitted to few and to many samples: their totals differ much in spread.
const std::string constants = R"(
experiment: constants
seed: 5
dtype: float64
data:
  synthetic:
    function: 5*x + 7
    x: {uniform: [0, 1]}
    noise: {normal: 0.25}
    train: {grid: [4, 100]}
    test: {count: 50, x: {midpoints: [0, 1]}}
features: [{polynomial: {degree: 0}}]
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: 0.5}}
train: {epochs: 2}
record: {every: 1}
replicates: {until: {total_se: 0.02}, max: 1500}
)";

TEST_F(UntilTest, TrainsAsManyReplicatesAsTheErrorCallsFor) {
  const auto outcome = run(constants, "a.db");
  EXPECT_TRUE(outcome.all_done());
  const auto few = number("a.db",
                          "SELECT replicates FROM constants WHERE "
                          "\"data.synthetic.train\" = 4");
  const auto many = number("a.db",
                           "SELECT replicates FROM constants WHERE "
                           "\"data.synthetic.train\" = 100");
  EXPECT_GT(few, 100);
  EXPECT_LT(few, 1500);
  EXPECT_EQ(many, 20) << "the fewest with which a point stops";
  EXPECT_EQ(outcome.trained(), std::uint64_t(few + many));
  EXPECT_EQ(outcome.planned, outcome.trained());
  EXPECT_EQ(outcome.imprecise_points, 0u);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs"), few + many);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM bias_variance b JOIN points p USING (point_id) "
                   "WHERE b.replicates <> p.replicates OR left_out <> 0"),
            0);
  EXPECT_LE(number("a.db", "SELECT max(total_se) FROM bias_variance WHERE epoch = 2"), 0.02);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM chunks"), 0);
}

TEST_F(UntilTest, StopsAtTheMostThatAreAllowed) {
  const auto outcome =
      run(constants, "a.db", 2, false, {"replicates.until.total_se=0.0001", "replicates.max=45"});
  EXPECT_EQ(outcome.imprecise_points, 2u) << "which is not silent";
  EXPECT_EQ(number("a.db", "SELECT min(replicates) FROM points"), 45);
  EXPECT_EQ(number("a.db", "SELECT max(replicates) FROM points"), 45);
  EXPECT_GT(number("a.db", "SELECT min(total_se) FROM bias_variance WHERE epoch = 2"), 0.0001);
}

TEST_F(UntilTest, WaitsForEveryErrorThatIsNamed) {
  run(constants, "a.db", 2, false, {"replicates.until={total_se: 9, variance_se: 0.02}"});
  EXPECT_LE(number("a.db", "SELECT max(variance_se) FROM bias_variance WHERE epoch = 2"), 0.02);
  EXPECT_GT(number("a.db", "SELECT max(replicates) FROM points"), 20);
}

TEST_F(UntilTest, TakesWholeBlocksOfALayout) {
  run(constants, "a.db", 2, false,
      {"replicates={until: {total_se: 0.05}, max: 1500, layout: nested, seeds: 3}"});
  EXPECT_LE(number("a.db", "SELECT max(total_se) FROM bias_variance WHERE epoch = 2"), 0.05);
  EXPECT_EQ(number("a.db", "SELECT sum(replicates % 3) FROM points"), 0);
}

TEST_F(UntilTest, TheSameBitsForAnyWorkersAndInterruptions) {
  run(constants, "one.db", 1);
  const auto expected = store::dump(path("one.db"));
  for (const unsigned workers : {2u, 5u}) {
    const auto store = std::to_string(workers) + ".db";
    run(constants, store, workers);
    EXPECT_EQ(store::dump(path(store)), expected) << workers << " workers";
  }
  for (const int milliseconds : {2, 5, 10, 15, 20, 30}) {
    const auto store = "stop" + std::to_string(milliseconds) + ".db";
    volatile std::sig_atomic_t stop = 0;
    std::thread alarm([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      stop = 1;
    });
    run_until(stop, constants, store, 2);
    alarm.join();
    run(constants, store);
    EXPECT_EQ(store::dump(path(store)), expected) << "stopped after " << milliseconds << " ms";
  }
}

TEST_F(UntilTest, StoredResultsAreNotTrainedAgain) {
  const auto first = run(constants, "a.db");
  const auto again = run(constants, "a.db");
  EXPECT_EQ(again.trained(), 0u);
  EXPECT_EQ(again.stored, first.trained());
  EXPECT_EQ(again.planned, first.trained());
}

// Chunks beyond the current goal do not count.
TEST_F(UntilTest, FewerReplicatesThanAreStoredOfAPointUnderWay) {
  const auto asking = [](const std::string& count) {
    return std::vector<std::string>{"replicates={count: " + count +
                                    ", until: {total_se: 1000}, max: 100000}"};
  };
  EXPECT_TRUE(run_until_stored(constants, "a.db", asking("100000")).interrupted);
  run(constants, "a.db", 2, false, asking("10"));
  run(constants, "few.db", 2, false, asking("10"));
  const std::string rows =
      "SELECT epoch, total, total_se, bias2, replicates, left_out FROM bias_variance ORDER BY "
      "point_id, epoch";
  EXPECT_EQ(ask("a.db", rows), ask("few.db", rows));
}

TEST_F(UntilTest, NeedsATestSet) {
  try {
    run(constants, "a.db", 2, false, {"data.synthetic.test=0"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("replicates.until: there is no test set"),
              std::string::npos);
  }
}

engine::PlannedPoint wanting(double total_se, std::uint64_t most) {
  engine::PlannedPoint point;
  point.most = most;
  point.until = train::Until{total_se, 0, 0};
  return point;
}

statistics::Decomposition with_error(double total_se, std::uint64_t groups = 100) {
  statistics::Decomposition d;
  d.total.se = total_se;
  d.groups = d.replicates = groups;
  return d;
}

TEST(NextGoal, GrowsWithTheSquareOfTheErrorAndNoFasterThanTwice) {
  const auto point = wanting(.1, 1000);
  EXPECT_EQ(engine::next_goal(point, with_error(.1), 100), 100u);
  EXPECT_EQ(engine::next_goal(point, with_error(.05), 100), 100u);
  EXPECT_EQ(engine::next_goal(point, with_error(.11), 100), 122u);   // 121, in whole groups of two
  EXPECT_EQ(engine::next_goal(point, with_error(.101), 100), 104u);  // 102.01
  EXPECT_EQ(engine::next_goal(point, with_error(5), 100), 200u);
  EXPECT_EQ(engine::next_goal(point, with_error(5), 900), 1000u);
  EXPECT_EQ(engine::next_goal(point, with_error(5), 1000), 1000u);
  EXPECT_EQ(engine::next_goal(point, with_error(not_recorded), 100), 200u);
}

TEST(NextGoal, IsNeverReachedWithFewerThanTwentyGroups) {
  const auto point = wanting(.1, 1000);
  EXPECT_EQ(engine::next_goal(point, with_error(.001, 20), 20), 20u);
  EXPECT_EQ(engine::next_goal(point, with_error(.001, 17), 20), 23u);  // three were left out
  EXPECT_EQ(engine::next_goal(point, with_error(not_recorded, 0), 20), 40u);
  EXPECT_EQ(engine::next_goal(wanting(.1, 10), with_error(.001, 10), 10), 10u);
}

// The same data and the same stop: a larger max changes neither numbers nor intervals.
TEST_F(UntilTest, TheIntervalDoesNotDependOnTheMostThatAreAllowed) {
  const std::string rows =
      "SELECT total, total_lo, total_hi, bias2, bias2_hi, df, jackknife_groups FROM bias_variance "
      "ORDER BY point_id, epoch";
  run(constants, "few.db", 2, false, {"replicates.max=1500"});
  run(constants, "many.db", 2, false, {"replicates.max=100000"});
  EXPECT_EQ(ask("few.db", rows), ask("many.db", rows));
  EXPECT_GE(number("many.db", "SELECT min(jackknife_groups) FROM bias_variance"), 20);
}

TEST_F(UntilTest, NeverStopsBelowTwentyReplicates) {
  run(constants, "a.db", 2, false, {"replicates={count: 2, until: {total_se: 1000}, max: 100000}"});
  EXPECT_EQ(text("a.db", "SELECT group_concat(replicates) FROM points"), "20,20");
  EXPECT_EQ(number("a.db", "SELECT min(df) FROM bias_variance"), 19);
}

}  // namespace
}  // namespace descent
