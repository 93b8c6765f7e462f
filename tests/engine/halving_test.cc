// SPDX-License-Identifier: MIT
// Successive halving: points behind at a rung are not trained on; those that go on are as if
// nothing had been pruned, and decisions do not depend on workers, interruptions or what was stored
// before.
#include "engine/halving.h"

#include <thread>

#include "engine/laboratory.h"

namespace descent {
namespace {

using HalvingTest = Laboratory;

const std::string rates = R"(
experiment: rates
seed: 3
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 40, test: 30}}
model: {layers: [{linear: 4}, tanh, {linear: 1}]}
loss: mse
optimizer: {sgd: {lr: {grid: [0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.2]}}}
train: {epochs: 40, batch: 16}
replicates: 3
record: {every: 10, weights: true}
)";
const std::string halved = rates + "prune: {asha: {min_epochs: 4, reduction: 3}}\n";

TEST_F(HalvingTest, OneInThreeGoesOnFromRungToRung) {
  const auto outcome = run(halved, "a.db");
  EXPECT_EQ(outcome.planned, 27u);
  EXPECT_EQ(outcome.count(record::Status::pruned), 24u);
  EXPECT_EQ(outcome.count(record::Status::done), 3u);
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs"), 27);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'pruned' AND epochs = 4"), 18);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'pruned' AND epochs = 12"), 6);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done' AND epochs = 40"), 3);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM points WHERE finished"), 9);
  EXPECT_EQ(number("a.db", "SELECT count(DISTINCT point_id) FROM bias_variance"), 1);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rungs WHERE epoch = 4"), 9);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rungs WHERE epoch = 12"), 3);
}

// R² = 1 - mse / variance: of one test set and one loss, both rank alike, though more is better.
TEST_F(HalvingTest, AMeasureOfWhichMoreIsBetterRanksTheOtherWayRound) {
  const std::string held_out = "data.synthetic.validation=30";
  run(halved, "loss.db", 2, false, {held_out, "prune.asha.metric=validation_loss"});
  run(halved, "r2.db", 2, false, {held_out, "prune.asha.metric=validation_r2"});
  const auto ranks = [&](const std::string& store) {
    return ask(store,
               "SELECT epoch, \"optimizer.lr\", rank, kept FROM rungs JOIN rates USING "
               "(point_id) ORDER BY epoch, rank");
  };
  EXPECT_EQ(ranks("r2.db"), ranks("loss.db"));
  EXPECT_EQ(number("r2.db",
                   "SELECT count(*) FROM rungs g JOIN (SELECT u.point_id, c.epoch, avg(c.value) AS "
                   "r2 FROM curves c JOIN runs u USING (run_id) WHERE c.metric = 'validation_r2' "
                   "GROUP BY 1, 2) m USING (point_id, epoch) WHERE abs(g.value - m.r2) < 1e-12"),
            6 + 2)
      << "the table has the measure itself";
  run(halved, "again.db", 2, false, {held_out, "prune.asha.metric=validation_r2"});
  EXPECT_EQ(
      run(halved, "again.db", 2, false, {held_out, "prune.asha.metric=validation_r2"}).trained(),
      0u);
  EXPECT_EQ(store::dump(path("again.db")), store::dump(path("r2.db")));
}

TEST_F(HalvingTest, TheBestByTheMeanOverReplicatesGoOn) {
  run(halved, "a.db");
  run(rates + "", "whole.db");
  // The same losses as those of trainings that end after the rung's epoch, ranked here.
  run(rates, "short.db", 2, false, {"train.epochs=4", "record.every=4"});
  const auto expected = ask("short.db",
                            "SELECT \"optimizer.lr\", train_loss_mean FROM rates "
                            "ORDER BY train_loss_mean");
  const auto ranked = ask("a.db",
                          "SELECT v.\"optimizer.lr\", g.value FROM rungs g JOIN rates v USING "
                          "(point_id) WHERE epoch = 4 ORDER BY rank");
  ASSERT_EQ(ranked.size(), 9u);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    EXPECT_EQ(ranked[i][0], expected[i][0]);
    EXPECT_DOUBLE_EQ(std::get<double>(ranked[i][1]), std::get<double>(expected[i][1]));
  }
  EXPECT_EQ(number("a.db", "SELECT max(rank) FROM rungs WHERE epoch = 4 AND kept"), 3);
}

TEST_F(HalvingTest, WhatGoesOnIsAsIfNothingHadBeenPruned) {
  run(halved, "a.db");
  run(rates, "whole.db");
  const std::string best =
      "SELECT r.replicate, train_loss, test_loss, weight_norm, epochs, steps FROM runs r JOIN "
      "rates "
      "v USING (point_id) WHERE v.\"optimizer.lr\" = {} ORDER BY replicate";
  const auto rate = number("a.db", "SELECT \"optimizer.lr\" FROM rates WHERE done > 0");
  EXPECT_EQ(ask("a.db", fmt::format(fmt::runtime(best), rate)),
            ask("whole.db", fmt::format(fmt::runtime(best), rate)));
  const std::string decomposed =
      "SELECT b.epoch, b.bias2, b.variance, b.total_se FROM bias_variance b JOIN rates v USING "
      "(point_id) WHERE v.\"optimizer.lr\" = {} ORDER BY epoch";
  EXPECT_EQ(ask("a.db", fmt::format(fmt::runtime(decomposed), rate)),
            ask("whole.db", fmt::format(fmt::runtime(decomposed), rate)));
}

TEST_F(HalvingTest, APrunedRunSaysWhereItStoodAndKeepsItsCurve) {
  run(halved, "a.db");
  EXPECT_EQ(text("a.db",
                 "SELECT reason FROM runs JOIN rungs USING (point_id) "
                 "WHERE status = 'pruned' AND epoch = 4 AND rank = 5"),
            "rung 1 (epoch 4): 5 of 9 by train_loss, the best 3 went on");
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs r WHERE status = 'pruned' AND NOT EXISTS (SELECT 1 "
                   "FROM curves c WHERE c.run_id = r.run_id AND c.epoch = r.epochs AND metric = "
                   "'train_loss' AND c.value = r.train_loss)"),
            0);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs r WHERE status = 'pruned' AND NOT EXISTS (SELECT 1 "
                   "FROM weights w WHERE w.run_id = r.run_id)"),
            0);
}

TEST_F(HalvingTest, TheSameBitsForAnyNumberOfWorkersAndAgain) {
  run(halved, "one.db", 1);
  const auto expected = store::dump(path("one.db"));
  for (const unsigned workers : {2u, 3u}) {
    const auto store = std::to_string(workers) + ".db";
    run(halved, store, workers);
    EXPECT_EQ(store::dump(path(store)), expected) << workers << " workers";
  }
  const auto again = run(halved, "one.db");
  EXPECT_EQ(again.trained(), 0u);
  EXPECT_EQ(again.stored, 27u);
  EXPECT_TRUE(again.all_done());
  EXPECT_EQ(store::dump(path("one.db")), expected);
  run(halved, "one.db", 2, /*fresh=*/true);
  EXPECT_EQ(store::dump(path("one.db")), expected);
}

TEST_F(HalvingTest, StoppedAtAnyTimeItDecidesTheSame) {
  const std::string slow = halved + "\n";
  const std::vector<std::string> longer = {"train.epochs=4000", "record.every=1000",
                                           "prune.asha.min_epochs=400"};
  run(slow, "whole.db", 2, false, longer);
  const auto expected = store::dump(path("whole.db"));
  bool was_stopped = false;
  for (const int milliseconds : {3, 10, 20, 40, 80, 160}) {
    volatile std::sig_atomic_t stop = 0;
    std::thread timer([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      stop = 1;
    });
    was_stopped |= run_until(stop, slow, "a.db", 2, false, longer).interrupted;
    timer.join();
  }
  run(slow, "a.db", 2, false, longer);
  EXPECT_TRUE(was_stopped);
  EXPECT_EQ(store::dump(path("a.db")), expected);
}

TEST_F(HalvingTest, WithoutTheRuleWhatWasPrunedIsTrainedToTheEnd) {
  run(halved, "a.db");
  const auto outcome = run(rates, "a.db");
  EXPECT_EQ(outcome.trained(), 24u);
  EXPECT_EQ(outcome.stored, 3u);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 27);
  EXPECT_EQ(number("a.db", "SELECT count(DISTINCT point_id) FROM bias_variance"), 9);
  // With it again: nothing that was trained to the end is thrown away.
  EXPECT_EQ(run(halved, "a.db").trained(), 0u);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 27);
}

TEST_F(HalvingTest, WithOtherPointsItIsDecidedAgain) {
  run(halved, "a.db", 2, false, {"optimizer.lr={grid: [0.01, 0.02, 0.04]}"});
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rates WHERE done > 0"), 1);
  EXPECT_EQ(number("a.db", "SELECT \"optimizer.lr\" FROM rates WHERE done > 0"), 0.04);
  const auto outcome = run(halved, "a.db");
  run(halved, "fresh.db");
  const std::string pruned =
      "SELECT v.\"optimizer.lr\", r.replicate, r.reason, r.epochs, r.train_loss FROM runs r JOIN "
      "rates v USING (point_id) WHERE status = 'pruned' AND v.\"optimizer.lr\" <> 0.04 ORDER BY 1, "
      "2";
  EXPECT_EQ(ask("a.db", pruned), ask("fresh.db", pruned));
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rates WHERE done > 0"), 2);  // what was done stays
}

TEST_F(HalvingTest, ABrokenReplicateIsWorseThanAnyOther) {
  const auto outcome = run(halved, "a.db", 2, false, {"optimizer.lr={grid: [0.01, 1000.0, 0.02]}"});
  EXPECT_FALSE(outcome.all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'diverged'"), 3);
  EXPECT_EQ(number("a.db",
                   "SELECT \"optimizer.lr\" FROM rungs JOIN rates USING (point_id) WHERE "
                   "rank = 3 AND epoch = 4"),
            1000);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs"), 9);
}

// What was cut without a run that is pruned, as all had ended, is still behind the next time.
TEST_F(HalvingTest, PointsThatEndedByThemselvesAreDecidedTheSameAgain) {
  const std::vector<std::string> diverging = {
      "optimizer.lr={grid: [0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 1000.0]}"};
  run(halved, "a.db", 2, false, diverging);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rungs WHERE epoch = 12"), 3);
  const auto expected = store::dump(path("a.db"));
  const auto again = run(halved, "a.db", 2, false, diverging);
  EXPECT_EQ(again.trained(), 0u);
  EXPECT_EQ(again.stored_not_done, 3u);
  EXPECT_EQ(store::dump(path("a.db")), expected);
}

// All of its runs ended by train.stop: there was nothing to cut, and nothing is held back.
TEST_F(HalvingTest, CompletePointsAreDecomposed) {
  const std::vector<std::string> stopping = {
      "optimizer.lr={grid: [1.0e-9, 0.02, 0.04, 0.07, 0.1, 0.2]}", "train.epochs=400",
      "train.stop={metric: train_loss, patience: 2, min_delta: 0.001}",
      "prune.asha.min_epochs=100"};
  const auto outcome = run(halved, "a.db", 2, false, stopping);
  EXPECT_GT(number("a.db",
                   "SELECT count(*) FROM rungs WHERE NOT kept AND point_id NOT IN (SELECT "
                   "point_id FROM runs WHERE status = 'pruned')"),
            0);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM points WHERE point_id NOT IN (SELECT point_id FROM "
                   "bias_variance) AND point_id NOT IN (SELECT point_id FROM runs WHERE status = "
                   "'pruned')"),
            0);
  EXPECT_EQ(outcome.planned, outcome.stored + outcome.trained());
  const auto expected = store::dump(path("a.db"));
  EXPECT_EQ(run(halved, "a.db", 2, false, stopping).trained(), 0u);
  EXPECT_EQ(store::dump(path("a.db")), expected);
}

// Stopped as soon as some of the runs of the first point are stored.
TEST_F(HalvingTest, StoppedInTheMiddleOfAPointItKeepsTheChunks) {
#ifdef __SANITIZE_ADDRESS__
  const std::uint64_t replicates = 100;
#else
  const std::uint64_t replicates = 1000;
#endif
  const std::vector<std::string> many = {
      "optimizer.lr={grid: [0.01, 0.02]}", "replicates=" + std::to_string(replicates),
      "train.epochs=700", "record={every: 700}", "prune.asha.min_epochs=400"};
  EXPECT_TRUE(run_until_stored(halved, "a.db", many).interrupted);
  const auto stored = std::uint64_t(number("a.db", "SELECT count(*) FROM runs"));
  EXPECT_LT(stored, replicates);
  // What was stored is not trained again; the point that goes on is, from its beginning.
  const auto rest = run(halved, "a.db", 2, false, many);
  EXPECT_LE(rest.trained(), 3 * replicates - stored);
  run(halved, "whole.db", 2, false, many);
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("whole.db")));
}

TEST_F(HalvingTest, MoreReplicatesAreRankedAgainAndKeepStoredResults) {
  run(halved, "a.db");
  const auto before = ask("a.db", "SELECT run_id, train_seconds FROM runs WHERE status = 'done'");
  const auto outcome = run(halved, "a.db", 2, false, {"replicates=5"});
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs"), 45);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 5);
  for (const auto& row : before) {
    const auto same = fmt::format("SELECT train_seconds FROM runs WHERE run_id = {}",
                                  std::get<std::int64_t>(row[0]));
    EXPECT_EQ(number("a.db", same), std::get<double>(row[1]));  // not trained again
  }
  run(halved, "fresh.db", 2, false, {"replicates=5"});
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("fresh.db")));
}

TEST_F(HalvingTest, PointsThatEndBeforeARungAreNotRankedThere) {
  run(halved, "a.db", 2, false, {"train.epochs={grid: [3, 40]}", "record.every=1"});
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rates WHERE \"train.epochs\" = 3 AND done = 3"),
            9);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rates WHERE \"train.epochs\" = 40 AND done = 3"),
            1);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM rungs WHERE epoch = 4"), 9);
}

TEST_F(HalvingTest, AValidationSetIsWhatPointsAreRankedOn) {
  run(halved, "a.db", 2, false, {"data.synthetic.validation=50"});
  EXPECT_EQ(text("a.db", "SELECT DISTINCT metric FROM rungs"), "validation_loss");
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM rungs g WHERE epoch = 4 AND abs(value - (SELECT "
                   "avg(c.value) FROM curves c JOIN runs r USING (run_id) WHERE r.point_id = "
                   "g.point_id AND r.epochs = 4 AND c.epoch = 4 AND metric = 'validation_loss')) < "
                   "1e-12"),
            6);  // those that were pruned there
}

// Li et al. 2020, algorithm 2: top_k(rung, floor(|rung| / eta)).
TEST_F(HalvingTest, OfAnyNumberAtMostAThirdGoesOnButOneAtLeast) {
  run(halved, "five.db", 2, false, {"optimizer.lr={grid: [0.005, 0.01, 0.02, 0.04, 0.1]}"});
  EXPECT_EQ(number("five.db", "SELECT sum(kept) FROM rungs WHERE epoch = 4"), 1);
  EXPECT_EQ(number("five.db", "SELECT count(*) FROM rungs WHERE epoch = 12"), 0);
  run(halved, "eight.db", 2, false,
      {"optimizer.lr={grid: [0.002, 0.003, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1]}"});
  EXPECT_EQ(number("eight.db", "SELECT sum(kept) FROM rungs WHERE epoch = 4"), 2);
  EXPECT_EQ(number("eight.db", "SELECT sum(kept) FROM rungs WHERE epoch = 12"), 1);
  run(halved, "two.db", 2, false, {"optimizer.lr={grid: [0.01, 0.1]}"});
  EXPECT_EQ(number("two.db", "SELECT count(*) FROM rates WHERE done = 3"), 1);
}

TEST_F(HalvingTest, PointsCompeteWithTheirLikeAlone) {
  run(halved, "a.db", 2, false,
      {"optimizer={grid: [{sgd: {lr: {grid: [0.001, 0.002, 0.005]}}}, {adam: {lr: {grid: [0.05, "
       "0.1, "
       "0.2]}}}]}",
       "prune.asha.per=optimizer"});
  EXPECT_EQ(
      ask("a.db", "SELECT optimizer, count(*) FROM rates WHERE done = 3 GROUP BY 1 ORDER BY 1"),
      (std::vector<std::vector<store::Value>>{{"adam", std::int64_t(1)},
                                              {"sgd", std::int64_t(1)}}));
  EXPECT_EQ(number("a.db", "SELECT max(points) FROM rungs"), 3);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs WHERE reason LIKE "
                   "'rung 1 (epoch 4): 3 of 3 of optimizer=adam by train_loss, the best 1 %'"),
            3);
}

TEST_F(HalvingTest, WhatCannotBeDecidedIsRefused) {
  const auto refusal = [&](const std::vector<std::string>& overrides) -> std::string {
    try {
      run(halved, "a.db", 2, false, overrides);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  const auto expect = [&](const std::vector<std::string>& overrides, const std::string& part) {
    EXPECT_NE(refusal(overrides).find(part), std::string::npos) << refusal(overrides);
  };
  expect({"loss={grid: [mse, l1]}"},
         "has different units in points that differ in loss; use per: loss");
  expect({"prune.asha.per=optimiser.lr"},
         "does not sweep 'optimiser.lr'; did you mean 'optimizer.lr'?");
  expect({"prune.asha.min_epochs=40"}, "min_epochs = 40 leaves no rung");
}

TEST_F(HalvingTest, WithoutAValidationSetItsLossCannotRank) {
  try {
    run(halved, "a.db", 2, false, {"prune.asha.metric=validation_loss"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("there is no validation set"), std::string::npos);
  }
}

}  // namespace
}  // namespace descent
