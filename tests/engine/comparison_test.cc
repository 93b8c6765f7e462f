// SPDX-License-Identifier: MIT
// Comparing points of stores: pairs, metrics, refusals, and the confirmation of the best point on
// new draws.
#include "engine/comparison.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "engine/confirmation.h"
#include "engine/laboratory.h"

namespace descent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Texts = std::vector<std::string>;

class Comparing : public Laboratory {
 protected:
  // A line learnt in ten epochs, with other lines of the file replaced or added.
  static std::string line(const std::string& rest, const std::string& name = "line") {
    return "experiment: " + name + R"(
seed: 3
dtype: float64
model: {layers: [{linear: 1}]}
)" + rest;
  }
  static std::string data(const std::string& more = "") {
    return "data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, "
           "train: 20, test: 10" +
           more + "}}\n";
  }
  static std::string grid(const std::string& optimizer, unsigned replicates = 8,
                          unsigned epochs = 10) {
    return line(data() + "loss: mse\ntrain: {epochs: " + std::to_string(epochs) +
                "}\nreplicates: " + std::to_string(replicates) + "\noptimizer: " + optimizer +
                "\n");
  }

  engine::Comparison compared(const Texts& baseline, const Texts& metrics = {"test_loss"},
                              const std::string& store = "a.db") const {
    auto reader = store::Reader::open(path(store));
    return engine::compare(reader, {"", baseline, metrics, {}});
  }

  std::string refusal(const Texts& baseline, const Texts& metrics = {"test_loss"}) const {
    try {
      compared(baseline, metrics);
    } catch (const Error& error) {
      return error.what();
    }
    return "was compared";
  }

  // "a-b" for every row.
  static Texts pairs(const engine::Comparison& comparison) {
    Texts all;
    for (const auto& row : comparison.family.rows)
      all.push_back(std::to_string(row.a) + "-" + std::to_string(row.b));
    return all;
  }
  static Texts verdicts(const engine::Comparison& comparison) {
    Texts all;
    for (const auto& row : comparison.family.rows) all.push_back(row.verdict);
    return all;
  }
};

// Points 1 to 4: sgd at two rates, momentum at two rates.
const std::string two_by_two =
    "{grid: [{sgd: {lr: {grid: [0.05, 0.1]}}}, {adam: {lr: {grid: "
    "[0.05, 0.1]}}}]}";

TEST_F(Comparing, TakesTheBaselineThatAgreesInTheOtherAxes) {
  run(grid(two_by_two), "a.db");
  EXPECT_THAT(pairs(compared({"optimizer=sgd"})), ElementsAre("3-1", "4-2"));
  EXPECT_THAT(pairs(compared({"optimizer.lr=0.1"})), ElementsAre("1-2", "3-4"));
  EXPECT_THAT(pairs(compared({"lr=1e-1"})), ElementsAre("1-2", "3-4"));
  EXPECT_THAT(pairs(compared({"optimizer=sgd, lr=0.1"})), ElementsAre("1-2", "3-2", "4-2"));
  EXPECT_THAT(pairs(compared({"lr=0.1", "optimizer=sgd"})), ElementsAre("1-2", "3-2", "4-2"));
}

TEST_F(Comparing, NamesABaselineOneWay) {
  run(grid(two_by_two), "a.db");
  EXPECT_EQ(compared({"lr=1e-1", "optimizer=sgd"}).family.baseline,
            "optimizer=sgd, optimizer.lr=0.1");
}

TEST_F(Comparing, TakesCommasOfAValue) {
  run(line(
          "data: {synthetic: {function: {grid: ['max(x, 0)', x]}, x: {uniform: [-1, 1]}, train: 9, "
          "test: 9}}\nloss: mse\noptimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\ntrain: {epochs: 2}\n"
          "replicates: 3\n"),
      "a.db");
  EXPECT_THAT(pairs(compared({"function=max(x, 0), lr=0.1"})), ElementsAre("2-1"));
  EXPECT_THAT(pairs(compared({"lr=0.1 , function=max(x, 0)"})), ElementsAre("2-1"));
  EXPECT_THAT(refusal({"function=max(x, 0),lr"}), HasSubstr("has no value 'max(x, 0),lr'"));
}

// The variance of the mean of R splits is s^2 (1/R + test/train): of 30 rows 6 are for the test,
// and of the others 6 for validation.
TEST_F(Comparing, CorrectsForSamplesThatSplitsShare) {
  std::string rows = "x,y\n";
  for (int i = 0; i < 30; ++i) rows += fmt::format("{},{}\n", i, i * i % 7);
  write("rows.csv", rows);
  run("experiment: splits\nseed: 3\nmodel: {layers: [{linear: auto}]}\nfeatures: standardize\n"
      "data: {csv: {path: rows.csv, target: y, test: 0.2, validation: 0.25}}\nloss: mse\n"
      "optimizer: {sgd: {lr: {grid: [0.1, 0.01]}}}\ntrain: {epochs: 3}\n"
      "replicates: {count: 12, vary: [split]}\n",
      "a.db");
  const auto of = [&](const std::string& metric) {
    return compared({"lr=0.1"}, {metric}).family.rows.at(0);
  };
  const auto plain = [&](const std::string& metric) {
    return number(
        "a.db", fmt::format("SELECT stddev(b.{0} - a.{0}) / sqrt(12) FROM runs a JOIN runs b USING "
                            "(replicate) WHERE a.point_id = 1 AND b.point_id = 2",
                            metric));
  };
  const auto test = of("test_loss");
  EXPECT_NEAR(test.se_paired, plain("test_loss") * std::sqrt(1 + 12 * 6.0 / 18), 1e-12);
  EXPECT_TRUE(std::isnan(test.p_sign_flip));
  EXPECT_FALSE(test.more_replicates);
  EXPECT_NEAR(number("a.db", "SELECT se FROM pairwise WHERE path = 'optimizer.lr'"), test.se_paired,
              1e-12);
  EXPECT_NEAR(of("train_loss").se_paired, plain("train_loss"), 1e-12) << "of no test part";
}

TEST_F(Comparing, LetsWhatIsBelowATermDiffer) {
  run(grid("{grid: [{sgd: {lr: 0.05}}, {adam: {lr: 0.1}}, {rmsprop: {lr: 0.2}}]}"), "a.db");
  EXPECT_THAT(pairs(compared({"optimizer=sgd"})), ElementsAre("2-1", "3-1"));
}

TEST_F(Comparing, ReportsOnceWhyNothingCanBeCompared) {
  run(line(data() + "loss: mse\noptimizer: sgd\ntrain: {epochs: 2}\n"
                    "replicates: {count: 3, first: {grid: [0, 10, 20]}}\n"),
      "a.db");
  const auto refused = refusal({"first=0"});
  EXPECT_THAT(refused, HasSubstr("nothing can be compared with replicates.first=0: "
                                 "(replicates.first=10): replicates.first is 10"));
  EXPECT_THAT(refused, HasSubstr("; and 1 other likewise"));
}

TEST_F(Comparing, ReportsWhichBaselinesMatchWhenSeveralDo) {
  run(grid("{grid: [{sgd: {lr: {grid: [0.05, 0.1]}}}, {adam: {lr: 0.2}}]}"), "a.db");
  EXPECT_EQ(refusal({"optimizer=sgd"}),
            "error: --baseline 'optimizer=sgd': 2 points match (optimizer=adam, "
            "optimizer.lr=0.2): (optimizer=sgd, optimizer.lr=0.05), (optimizer=sgd, "
            "optimizer.lr=0.1); say which, as in --baseline 'optimizer=sgd, optimizer.lr=0.05'");
}

// Three points of two schedules, of which one sets a key that has no default.
TEST_F(Comparing, TellsApartBaselinesByAKeyThatOnlyOneOfThemSets) {
  run(line(data() + "loss: mse\noptimizer: sgd\nreplicates: 4\ntrain: {epochs: 20, schedule: "
                    "{grid: [cosine_annealing, {cosine_annealing: {t_max: 5}}, constant]}}\n"),
      "a.db");
  EXPECT_EQ(
      refusal({"schedule=cosine_annealing"}),
      "error: --baseline 'train.schedule=cosine_annealing': 2 points match "
      "(train.schedule=constant): (train.schedule=cosine_annealing), "
      "(train.schedule=cosine_annealing, train.schedule.cosine_annealing.t_max=5); say which, as "
      "in --baseline 'train.schedule=cosine_annealing, "
      "train.schedule.cosine_annealing.t_max=null'");
  EXPECT_THAT(pairs(compared({"schedule=cosine_annealing, t_max=null"})),
              ElementsAre("2-1", "3-1"));
  EXPECT_THAT(pairs(compared({"schedule=cosine_annealing, t_max=5"})), ElementsAre("1-2", "3-2"));
  EXPECT_EQ(compared({"t_max=null, schedule=cosine_annealing"}).family.baseline,
            "train.schedule=cosine_annealing, train.schedule.cosine_annealing.t_max=null");
  EXPECT_THAT(refusal({"t_max=6"}), HasSubstr("(values: null, 5)"));
}

TEST_F(Comparing, ReportsWhereNoBaselineAgrees) {
  run(line(data() + "loss: mse\ntrain: {epochs: 10}\nreplicates: 4\nunion:\n"
                    "  - {optimizer: sgd, regularizer: none}\n"
                    "  - {optimizer: adam, regularizer: none}\n"
                    "  - {optimizer: adam, regularizer: l2}\n"),
      "a.db");
  const auto found = compared({"optimizer=sgd"});
  EXPECT_THAT(pairs(found), ElementsAre("2-1"));
  EXPECT_THAT(found.left_out,
              ElementsAre("(optimizer=adam, regularizer=l2): no baseline point agrees with it in "
                          "regularizer; name regularizer in --baseline, too"));
}

TEST_F(Comparing, ReportsUnknownKeysAndValuesWithTheNearest) {
  run(grid(two_by_two), "a.db");
  EXPECT_EQ(refusal({"optimzer=sgd"}),
            "error: --baseline: 'optimzer' is not swept in 'line'; did you mean 'optimizer'? "
            "(swept: optimizer, optimizer.lr)");
  EXPECT_EQ(refusal({"seed=3"}),
            "error: --baseline: 'seed' is not swept in 'line' (swept: optimizer, optimizer.lr)");
  EXPECT_EQ(refusal({"optimizer=sdg"}),
            "error: --baseline: optimizer has no value 'sdg'; did you mean 'sgd'? (values: sgd, "
            "adam)");
  EXPECT_EQ(refusal({"lr=7"}),
            "error: --baseline: optimizer.lr has no value '7' (values: 0.05, 0.1)");
  EXPECT_THAT(refusal({"sgd"}), HasSubstr("expected key=value, found 'sgd'"));
  EXPECT_THAT(refusal({"lr=0.1,lr=0.05"}), HasSubstr("optimizer.lr is given twice"));
  EXPECT_THAT(refusal({"lr=0.1"}, {"tset_loss"}), HasSubstr("did you mean 'test_loss'?"));
}

TEST_F(Comparing, ReportsAnAmbiguousShortName) {
  run(line(data() + "loss: mse\nreplicates: 2\ntrain: {epochs: {grid: [2, 4]}}\n"
                    "optimizer: {sgd: {lr: {grid: [0.05, 0.1]}}}\n"
                    "regularizer: {grid: [[{l2: {lambda: 0.1}}, {l1: {lambda: 0.1}}], [{l2: "
                    "{lambda: 0.2}}, {l1: {lambda: 0.2}}]]}\n"),
      "a.db");
  EXPECT_EQ(refusal({"lambda=0.1"}),
            "error: --baseline: 'lambda' may be any of regularizer.0.lambda, "
            "regularizer.1.lambda; write one in full");
}

TEST_F(Comparing, ReportsWhereThereIsNothingToCompare) {
  run(grid("sgd"), "a.db");
  EXPECT_THAT(refusal({"optimizer=sgd"}), HasSubstr("'line' has one configuration"));
}

TEST_F(Comparing, ReportsACombinationThatDoesNotOccur) {
  run(grid("{grid: [{sgd: {lr: 0.05}}, {adam: {lr: 0.1}}]}"), "a.db");
  EXPECT_EQ(refusal({"optimizer=sgd,lr=0.1"}),
            "error: --baseline: no point of 'line' has optimizer=sgd, optimizer.lr=0.1");
}

// Differences are taken replicate by replicate, as SQL takes them.
TEST_F(Comparing, IsThePairedDifferenceOfTheRuns) {
  run(grid("{grid: [{sgd: {lr: 0.1}}, {sgd: {lr: 0.3}}]}"), "a.db");
  const auto row = compared({"lr=0.1"}).family.rows.at(0);
  EXPECT_EQ(row.replicates, 8u);
  EXPECT_EQ(row.dropped, 0u);
  const std::string differences =
      "(SELECT x.test_loss - y.test_loss AS d FROM runs x JOIN runs y USING (replicate) "
      "WHERE x.point_id = 2 AND y.point_id = 1)";
  const double mean = number("a.db", "SELECT avg(d) FROM " + differences);
  EXPECT_NEAR(row.diff, mean, 1e-12 * std::abs(mean));
  const double variance =
      number("a.db", "SELECT (sum(d*d) - 8*avg(d)*avg(d)) / 7 FROM " + differences);
  EXPECT_NEAR(row.se_paired, std::sqrt(variance / 8), 1e-9 * row.se_paired);
  EXPECT_LT(row.diff, 0);
  EXPECT_EQ(row.verdict, "better");
  EXPECT_GT(row.corr, 0) << "they share data and start";
}

// A batch of all 20 samples is the full batch, to the last bit.
TEST_F(Comparing, FindsIdenticalConfigurationsIdentical) {
  run(line(data() + "loss: mse\noptimizer: sgd\nreplicates: 5\n"
                    "train: {epochs: 4, batch: {grid: [full, 20]}}\n"),
      "a.db");
  const auto found = compared({"batch=full"}, {"test_loss", "total", "bias2", "variance"});
  EXPECT_THAT(verdicts(found), ElementsAre("identical", "identical", "identical", "identical"));
  for (const auto& row : found.family.rows) {
    EXPECT_EQ(row.p_holm, 1);
    EXPECT_FALSE(row.more_replicates);
  }
}

TEST_F(Comparing, OfOneReplicateIsAValueWithoutAnInterval) {
  run(grid("{grid: [sgd, adam]}", 1), "a.db");
  const auto found = compared({"optimizer=sgd"}, {"test_loss", "bias2"});
  EXPECT_THAT(verdicts(found), ElementsAre("one pair", "not decomposed"));
  EXPECT_FALSE(std::isnan(found.family.rows[0].diff));
  EXPECT_TRUE(std::isnan(found.family.rows[0].p_holm));
  EXPECT_EQ(found.family.rows[0].k_family, 0u);
}

TEST_F(Comparing, NamesWhatIsRecordedWhereAMetricIsNot) {
  run(grid("{grid: [sgd, adam]}", 2), "a.db");
  try {
    compared({"optimizer=sgd"}, {"test_f1"});
    FAIL() << "was compared";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "error: --metric: no run of this experiment has test_f1 (`record: {metrics: "
                 "[test_f1]}` in the file records it); recorded: test_loss, train_loss, "
                 "gradient_norm, weight_norm, zero_weights, total, bias2, variance, test_mae, "
                 "test_r2");
  }
}

TEST_F(Comparing, KnowsWhichWayIsBetter) {
  run(line("data: {synthetic: {function: x > 0.5, x: {uniform: [0, 1]}, noise: bernoulli, train: "
           "40, test: 40}}\nloss: bce_with_logits\ntrain: {epochs: 30}\nreplicates: 10\n"
           "optimizer: {sgd: {lr: {grid: [0.0001, 3]}}}\n"),
      "a.db");
  EXPECT_THAT(verdicts(compared({"lr=0.0001"}, {"test_loss", "test_accuracy", "weight_norm"})),
              ElementsAre("better", "better", "higher"));
  EXPECT_THAT(verdicts(compared({"lr=3"}, {"test_loss", "test_accuracy", "weight_norm"})),
              ElementsAre("worse", "worse", "lower"));
}

// With lr 1e6 every replicate overflows.
TEST_F(Comparing, CountsReplicatesNotDoneInEither) {
  run(grid("{sgd: {lr: {grid: [0.1, 0.2, 1000000]}}}", 8, 80), "a.db");
  {
    auto store = store::Store::open(path("a.db"));
    store.finish(2, 8, {});  // without a decomposition
  }
  const auto found = compared({"lr=0.1"}, {"test_loss", "variance"});
  EXPECT_EQ(found.family.rows[0].replicates, 8u);
  EXPECT_EQ(found.family.rows[1].replicates, 0u);
  EXPECT_EQ(found.family.rows[1].dropped, 8u);
  for (const auto& row : found.family.rows) EXPECT_EQ(row.k_family, 1u);
  EXPECT_FALSE(std::isnan(found.family.rows[0].p));
  EXPECT_EQ(found.family.rows[1].verdict, "no pairs");
  EXPECT_EQ(found.family.rows[2].verdict, "not decomposed");
  EXPECT_EQ(found.family.rows[3].verdict, "not decomposed");
}

// Replicate 2 of `a` is crashed: the pair is dropped from the runs, and the jackknife, which
// would leave other replicates out of one than of the other, is refused.
TEST_F(Comparing, RefusesTheJackknifeOverOtherReplicates) {
  run(grid("{grid: [{sgd: {lr: 0.1}}, {sgd: {lr: 0.2}}]}"), "a.db");
  {
    auto store = store::Store::open(path("a.db"));
    store.forget(2);
    store::ChunkRecord chunk{2, 0, 8, {}, {}};
    for (std::uint64_t r = 0; r < 8; ++r) {
      descent::record::Run run;
      run.replicate = r;
      run.status = r == 2 ? record::Status::crashed : record::Status::done;
      run.reason = r == 2 ? "killed" : "";
      run.test_loss = double(r);
      chunk.runs.push_back(run);
    }
    store.write(chunk);
    store::BiasVarianceRow row;
    row.epoch = 10;
    row.metric = "mse";
    row.resample = "fresh";
    row.se_method = "jackknife";
    row.jackknife.push_back({0, 1, 1, 1});
    for (int g = 0; g < 7; ++g) row.jackknife.push_back({1, 1, 1, 1});
    store.finish(2, 8, {row});
  }
  const auto found = compared({"lr=0.1"}, {"test_loss", "variance"});
  EXPECT_EQ(found.family.rows[0].replicates, 7u);
  EXPECT_EQ(found.family.rows[0].dropped, 1u);
  EXPECT_EQ(found.family.rows[0].verdict, "fails more");
  EXPECT_EQ(found.family.rows[1].verdict, "fails more");
  EXPECT_EQ(found.family.rows[1].dropped, 1u);
  EXPECT_TRUE(std::isnan(found.family.rows[1].diff));
  auto reader = store::Reader::open(path("a.db"));
  const auto survivors = engine::compare(reader, {"", {"lr=0.1"}, {"variance"}, {0.95, true}});
  EXPECT_EQ(survivors.family.rows[0].verdict, "other replicates");
}

// Seeds of one data set are no independent replicates: data sets are counted.
TEST_F(Comparing, CountsDataSetsOfNestedReplicates) {
  run(line(data() + "loss: mse\ntrain: {epochs: 10}\noptimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\n"
                    "replicates: {count: 40, layout: nested, seeds: 8, vary: [data, init]}\n"),
      "a.db");
  const auto rows = compared({"lr=0.1"}, {"test_loss", "total", "variance"}).family.rows;
  const auto se = number(
      "a.db",
      "SELECT stddev(d) / sqrt(5) FROM (SELECT avg(b.test_loss - a.test_loss) AS d FROM runs a "
      "JOIN runs b USING (replicate) WHERE a.point_id = 1 AND b.point_id = 2 "
      "GROUP BY replicate / 8)");
  EXPECT_NEAR(rows[0].se_paired, se, 1e-12);
  for (const auto& row : rows) {
    EXPECT_EQ(row.replicates, 40u);
    EXPECT_EQ(row.df, 4) << row.quantity;
    EXPECT_FALSE(std::isnan(row.p)) << row.quantity;
  }
  EXPECT_GE(rows[0].p_sign_flip, 2.0 / 32) << "five signs";
}

TEST_F(Comparing, AddsTheErrorOverSeedsOfCrossedReplicates) {
  run(line(data() + "loss: mse\ntrain: {epochs: 10}\noptimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\n"
                    "replicates: {count: 24, layout: crossed, seeds: 4, vary: [data, init]}\n"),
      "a.db");
  const auto rows = compared({"lr=0.1"}, {"test_loss", "total"}).family.rows;
  const std::string square =
      "(SELECT stddev(d) * stddev(d) / {} FROM (SELECT avg(b.test_loss - a.test_loss) AS d FROM "
      "runs a JOIN "
      "runs b USING (replicate) WHERE a.point_id = 1 AND b.point_id = 2 GROUP BY replicate {} 4))";
  EXPECT_NEAR(
      rows[0].se_paired,
      number("a.db", fmt::format("SELECT sqrt({} + {})", fmt::format(fmt::runtime(square), 6, "/"),
                                 fmt::format(fmt::runtime(square), 4, "%"))),
      1e-12);
  EXPECT_EQ(rows[0].df, 3);
  EXPECT_FALSE(rows[0].more_replicates) << "more data sets leave the seeds as they are";
  EXPECT_EQ(rows[1].verdict, "replicates in blocks");
}

TEST_F(Comparing, GivesNoStandardErrorsOfDependentRuns) {
  run(line(data() + "loss: mse\ntrain: {epochs: 10}\noptimizer: {grid: [sgd, adam]}\n"
                    "replicates: {count: 8, layout: nested, seeds: 4, vary: [data, init]}\n"),
      "a.db");
  EXPECT_EQ(number("a.db", "SELECT count(test_loss_se) + count(train_loss_se_done) FROM results"),
            0);
  EXPECT_EQ(number("a.db", "SELECT count(test_loss_mean) FROM results"), 2);
  EXPECT_EQ(number("a.db", "SELECT replicates FROM pairwise"), 2) << "data sets";
}

TEST_F(Comparing, AdjustsOverAllRowsOfACall) {
  run(grid("{sgd: {lr: {grid: [0.1, 0.101, 0.3]}}}"), "a.db");
  const auto found = compared({"lr=0.1"}, {"test_loss", "train_loss"});
  ASSERT_EQ(found.family.rows.size(), 4u);
  EXPECT_EQ(found.family.metrics, "test_loss, train_loss");
  for (const auto& row : found.family.rows) {
    EXPECT_EQ(row.k_family, 4u);
    EXPECT_GE(row.p_holm, row.p);
    EXPECT_GE(row.p_holm, row.q_bh);
    EXPECT_GE(row.q_bh, row.p);
  }
}

TEST_F(Comparing, ReportsHowManyReplicatesAnOpenComparisonLacks) {
  run(line(data() + "loss: mse\ntrain: {epochs: 400}\nreplicates: 6\n"
                    "optimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\n"),
      "a.db");
  const auto row = compared({"lr=0.1"}).family.rows.at(0);
  ASSERT_EQ(row.verdict, "not significant");
  ASSERT_TRUE(row.more_replicates);
  EXPECT_GE(*row.more_replicates, 1u);
}

TEST_F(Comparing, NeverMixesSchemesSeedsOrTestSets) {
  const auto refused = [&](const std::string& varied, const std::string& baseline) {
    std::filesystem::remove(path("a.db"));
    run(line(varied + "loss: mse\noptimizer: sgd\ntrain: {epochs: 2}\n"), "a.db");
    return refusal({baseline});
  };
  EXPECT_THAT(refused(data() + "replicates: {grid: [{count: 3, resample: fresh}, {count: 3, "
                               "resample: bootstrap}]}\n",
                      "resample=fresh"),
              HasSubstr("replicates.resample is bootstrap, of the baseline fresh"));
  EXPECT_THAT(refused(data() + "replicates: {count: 3, vary: {grid: [[data, init], [data, "
                               "order]]}}\n",
                      "replicates.vary.1=init"),
              HasSubstr("replicates.vary.1 is order, of the baseline init"));
  EXPECT_THAT(refused(data() + "replicates: {count: 3, first: {grid: [0, "
                               "3]}}\n",
                      "first=0"),
              HasSubstr("replicates.first is 3, of the baseline 0"));
}

TEST_F(Comparing, NeverMixesTestSetsButTrainingSetsOfAnySize) {
  const std::string rest = "loss: mse\noptimizer: sgd\ntrain: {epochs: 2}\nreplicates: 3\n";
  run(line("data: {synthetic: {function: x, x: {uniform: [0, 1]}, train: 9, test: {grid: [5, "
           "6]}}}\n" +
           rest),
      "a.db");
  EXPECT_THAT(refusal({"count=5"}), HasSubstr("data.synthetic.test.count is 6"));
  run(line("data: {synthetic: {function: x, x: {uniform: [0, 1]}, test: 9, train: {grid: [5, "
           "6]}}}\n" +
           rest),
      "b.db");
  EXPECT_THAT(pairs(compared({"train=5"}, {"test_loss"}, "b.db")), ElementsAre("2-1"));
}

TEST_F(Comparing, NeverMixesLossesButTheirDecompositions) {
  run(line(data() + "loss: {grid: [mse, l1]}\noptimizer: sgd\ntrain: {epochs: 2}\nreplicates: "
                    "4\n"),
      "a.db");
  EXPECT_THAT(refusal({"loss=mse"}), HasSubstr("different losses have different units"));
  EXPECT_THAT(pairs(compared({"loss=mse"}, {"total"})), ElementsAre("2-1"));
  const auto both = compared({"loss=mse"}, {"total", "test_loss"});
  EXPECT_THAT(pairs(both), ElementsAre("2-1"));
  EXPECT_EQ(both.left_out.size(), 1u);
}

TEST_F(Comparing, NeverMixesValidationLossesOrGradientsOfOtherUnits) {
  run(line("data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 20, test: 10, "
           "validation: 10}}\nloss: {grid: [mse, l1]}\noptimizer: sgd\ntrain: {epochs: 2}\n"
           "replicates: 4\n"),
      "a.db");
  for (const auto* metric : {"test_loss", "train_loss", "validation_loss", "gradient_norm"})
    EXPECT_THAT(refusal({"loss=mse"}, {metric}), HasSubstr("different losses have different units"))
        << metric;
  EXPECT_THAT(pairs(compared({"loss=mse"}, {"weight_norm"})), ElementsAre("2-1"));
}

TEST_F(Comparing, KnowsThatALowerValidationLossIsBetter) {
  run(line("data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 20, test: 10, "
           "validation: 10}}\nloss: mse\ntrain: {epochs: 10}\nreplicates: 8\n"
           "optimizer: {sgd: {lr: {grid: [0.01, 0.3]}}}\n"),
      "a.db");
  EXPECT_THAT(verdicts(compared({"lr=0.01"}, {"validation_loss"})), ElementsAre("better"));
  EXPECT_THAT(verdicts(compared({"lr=0.3"}, {"validation_loss"})), ElementsAre("worse"));
}

// Points with runs that end as it is written: a loss for each run that is done, NaN for one that
// diverged. The first is the baseline.
class ComparingEnds : public Comparing {
 protected:
  void store_losses(const std::vector<std::vector<double>>& points) {
    const std::vector<std::string> rates{"0.1", "0.2", "0.3"};
    std::string list;
    for (std::size_t i = 0; i < points.size(); ++i) list += (i ? ", " : "") + rates.at(i);
    run(grid("{sgd: {lr: {grid: [" + list + "]}}}", unsigned(points[0].size()), 1), "a.db");
    auto store = store::Store::open(path("a.db"));
    for (std::size_t i = 0; i < points.size(); ++i) store_point(store, i + 1, points[i]);
  }

  Texts judged(bool survivors) const {
    auto reader = store::Reader::open(path("a.db"));
    engine::ComparisonRequest request{"", {"lr=0.1"}, {"test_loss"}, {}};
    request.options.survivors = survivors;
    return verdicts(engine::compare(reader, request));
  }

  // The value of the best point's lr; "" when none is best.
  std::string best(bool survivors) const {
    auto reader = store::Reader::open(path("a.db"));
    const auto found = compared({"lr=0.1"});
    const auto* row = engine::best_of(reader, found, "test_loss", survivors);
    return row ? store::text_of(engine::point_of(found, row->a), {"optimizer.lr"}) : "";
  }

 private:
  static void store_point(store::Store& store, std::size_t id, const std::vector<double>& losses) {
    const auto point = std::int64_t(id);
    store.forget(point);
    store::ChunkRecord chunk{point, 0, losses.size(), {}, {}};
    for (std::uint64_t r = 0; r < losses.size(); ++r) {
      record::Run run;
      run.replicate = r;
      run.status = std::isnan(losses[r]) ? record::Status::diverged : record::Status::done;
      run.test_loss = losses[r];
      chunk.runs.push_back(run);
    }
    store.write(chunk);
    store.finish(point, losses.size(), {});
  }
};

const double gone = not_recorded;

// Of ten runs eight diverged; the two that are left look best.
TEST_F(ComparingEnds, APointWithDivergedRunsIsNotBetterUnlessAsked) {
  store_losses({{5, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9},
                {1, 1.11, gone, gone, gone, gone, gone, gone, gone, gone},
                {4, 4.2, 4.1, 4.4, 4.3, 4.6, 4.5, 4.8, 4.7, 4.9}});
  EXPECT_THAT(judged(false), ElementsAre("fails more", "better"));
  EXPECT_THAT(judged(true), ElementsAre("better", "better"));
  EXPECT_EQ(best(false), "optimizer.lr=0.3");
  EXPECT_EQ(best(true), "optimizer.lr=0.2");
}

// The leaderboard puts a point with any run that is not done behind those with none.
TEST_F(ComparingEnds, IsInTheOrderOfTheLeaderboard) {
  store_losses(
      {{5, 5.1, 5.2, 5.3, 5.4, 5.5}, {1, 1.1, 1.2, 1.3, 1.4, gone}, {9, 9.2, 9.1, 9.4, 9.3, 9.6}});
  EXPECT_THAT(judged(false), ElementsAre("fails more", "worse"));
  EXPECT_EQ(best(false), "optimizer.lr=0.3");
  EXPECT_EQ(text("a.db", "SELECT group_concat(point_id) FROM leaderboard"), "1,3,2");
}

TEST_F(ComparingEnds, ABaselineThatFailsMoreIsBehind) {
  store_losses({{1, 1.1, 1.2, gone}, {5, 5.15, 5.2, 5.3}});
  EXPECT_THAT(judged(false), ElementsAre("fails less"));
  EXPECT_THAT(judged(true), ElementsAre("worse"));
}

TEST_F(ComparingEnds, WithAsManyFailuresTheOthersDecideIfTheyAreMost) {
  store_losses({{5, 5.1, 5.2, gone}, {1, 1.11, 1.22, gone}});
  EXPECT_THAT(judged(false), ElementsAre("better"));
  store_losses({{5, 5.1, gone, gone}, {1, 1.1000001, gone, gone}});
  EXPECT_THAT(judged(false), ElementsAre("fails as often"));
  EXPECT_EQ(best(false), "");
  EXPECT_EQ(best(true), "optimizer.lr=0.2");
}

// 3 of 3 accuracies differ by the same amount: t is infinite, and its p was 0.
// Six would be: 2^-5 < 0.05.
TEST_F(ComparingEnds, ThreeEqualDifferencesAreNotSignificant) {
  store_losses({{.9, .7, .3}, {.8, .6, .2}});
  EXPECT_THAT(judged(false), ElementsAre("not significant"));
  EXPECT_EQ(compared({"lr=0.1"}).family.rows.at(0).more_replicates, 3u);
  store_losses({{.9, .7, .3, .9, .8, .7}, {.8, .6, .2, .8, .7, .6}});
  EXPECT_THAT(judged(false), ElementsAre("better"));
}

// Line on ten test points that are drawn, against a baseline: how far the two differ from one test
// point to the next is known for each of them.
TEST_F(Comparing, CountsTheErrorOverTestPointsForThePopulation) {
  run(grid("{sgd: {lr: {grid: [0.1, 0.3]}}}", 30), "a.db");
  auto reader = store::Reader::open(path("a.db"));
  engine::ComparisonRequest request{"", {"lr=0.1"}, {"total"}, {}};
  const auto here = engine::compare(reader, request).family.rows.at(0);
  request.options.population = true;
  const auto found = engine::compare(reader, request).family;
  const auto& row = found.rows.at(0);
  EXPECT_TRUE(found.population);
  EXPECT_GT(row.se_points, 0);
  EXPECT_EQ(row.se_points, here.se_points);
  EXPECT_EQ(row.se_paired, here.se_paired);
  EXPECT_EQ(row.df, 9) << "ten test points";
  const double t = 2.2621571627409915, se = std::hypot(row.se_paired, row.se_points);
  EXPECT_NEAR(row.hi, row.diff + t * se, 1e-9 * std::abs(row.hi));
  EXPECT_GT(row.p, here.p);
  request.metrics = {"test_loss"};
  EXPECT_THROW(engine::compare(reader, request), Error);
}

TEST_F(Comparing, AsksWhichExperimentIsMeant) {
  run(grid(two_by_two), "a.db");
  run(line(data() + "loss: mse\noptimizer: {grid: [sgd, adam]}\ntrain: {epochs: 2}\n", "other"),
      "a.db");
  EXPECT_EQ(refusal({"optimizer=sgd"}),
            "error: the store has several experiments; say which with --experiment: line, other");
  auto reader = store::Reader::open(path("a.db"));
  EXPECT_EQ(
      engine::compare(reader, {"other", {"optimizer=sgd"}, {"test_loss"}, {}}).experiment.name,
      "other");
  EXPECT_THROW(engine::compare(reader, {"ohter", {"optimizer=sgd"}, {"test_loss"}, {}}), Error);
}

TEST_F(Comparing, OfOneStoreIsTheSameForAnyNumberOfWorkers) {
  run(grid(two_by_two), "a.db", 1);
  run(grid(two_by_two), "b.db", 2);
  for (const auto* store : {"a.db", "b.db"}) {
    const auto found = compared({"optimizer=sgd"}, {"test_loss", "total", "bias2"}, store);
    store::Store::open(path(store)).record(found.family);
  }
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("b.db")));
}

class Confirming : public Comparing {
 protected:
  // Trains the best of a.db by test loss and its baseline on `count` fresh replicates.
  std::vector<store::ContrastRow> confirm(const engine::Comparison& found, std::uint64_t count,
                                          unsigned workers = 2) const {
    const auto plugins = catalog();
    auto reader = store::Reader::open(path("a.db"));
    const auto* best = engine::best_of(reader, found, "test_loss");
    const std::vector<experiment::Experiment> experiments{
        engine::next_confirmation(reader, found.experiment, engine::point_of(found, best->a),
                                  engine::point_of(found, best->b), count, plugins)};
    const engine::Plan plan(experiments, plugins);
    auto store = store::Store::open(path("a.db"));
    engine::Runner runner(plan, store, {workers, false, false});
    trained_ = runner.run(stop_).trained();
    return engine::confirmed(reader, found.experiment, runner.point_ids()[0], runner.point_ids()[1],
                             {"test_loss", "variance"}, {});
  }

  mutable std::uint64_t trained_ = 0;
  volatile std::sig_atomic_t stop_ = 0;
};

TEST_F(Confirming, TrainsTheBestAndItsBaselineOnLaterReplicates) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.05, 0.3]}}}"), "a.db");
  const auto before = text("a.db", "SELECT group_concat(quote(test_loss)) FROM runs");
  const auto rows = confirm(compared({"lr=0.01"}), 5);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].fresh_replicates, 5u);
  EXPECT_EQ(rows[0].replicates, 5u);
  EXPECT_EQ(rows[0].k_family, 2u);
  EXPECT_EQ(rows[0].verdict, "better");
  EXPECT_EQ(text("a.db", "SELECT group_concat(replicate) FROM runs WHERE point_id = 4"),
            "8,9,10,11,12");
  EXPECT_EQ(text("a.db", "SELECT group_concat(\"optimizer.lr\") FROM line_confirm"), "0.3,0.01");
  EXPECT_EQ(text("a.db", "SELECT group_concat(quote(test_loss)) FROM runs WHERE point_id <= 3"),
            before);
}

// Replicate r is the same whether it is one of many or the first of a few.
TEST_F(Confirming, TrainsWhatALongerRunWouldHaveTrained) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}", 4), "a.db");
  confirm(compared({"lr=0.01"}), 3);
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}", 7), "b.db");
  const std::string losses = "SELECT group_concat(quote(test_loss)) FROM runs ";
  EXPECT_EQ(text("a.db", losses + "WHERE point_id = 3"),
            text("b.db", losses + "WHERE point_id = 2 AND replicate >= 4"));
}

TEST_F(Confirming, DrawsOtherReplicatesEachTime) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}"), "a.db");
  const std::string replicates =
      "SELECT group_concat(replicate) FROM (SELECT DISTINCT replicate FROM runs WHERE point_id > "
      "2)";
  confirm(compared({"lr=0.01"}), 4);
  EXPECT_EQ(text("a.db", replicates), "8,9,10,11");
  confirm(compared({"lr=0.01"}), 2);
  EXPECT_EQ(trained_, 4u);
  EXPECT_EQ(text("a.db", replicates), "8,9,10,11,12,13");
}

// Another experiment of the store has used replicates 0 to 19: the choice may depend on them.
TEST_F(Confirming, DrawsReplicatesThatNoExperimentOfTheStoreHasUsed) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}"), "a.db");
  run(line(data() + "loss: mse\noptimizer: sgd\ntrain: {epochs: 1}\nreplicates: {first: 5, "
                    "count: 15}\n",
           "other"),
      "a.db");
  auto reader = store::Reader::open(path("a.db"));
  const auto found = engine::compare(reader, {"line", {"lr=0.01"}, {"test_loss"}, {}});
  confirm(found, 3);
  EXPECT_EQ(text("a.db",
                 "SELECT min(replicate) || '-' || max(replicate) FROM runs JOIN results "
                 "USING (point_id) WHERE experiment = 'line-confirm'"),
            "20-22");
}

TEST_F(Confirming, GoesOnWhereItWasInterrupted) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}"), "a.db");
  stop_ = 1;
  confirm(compared({"lr=0.01"}), 4);
  EXPECT_EQ(trained_, 0u);
  stop_ = 0;
  confirm(compared({"lr=0.01"}), 4);
  EXPECT_EQ(trained_, 8u);
  EXPECT_EQ(text("a.db", "SELECT group_concat(DISTINCT replicate) FROM runs WHERE point_id > 2"),
            "8,9,10,11");
}

TEST_F(Confirming, IsAnExperimentThatCanBeRunByItself) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}"), "a.db");
  confirm(compared({"lr=0.01"}), 4);
  run(text("a.db", "SELECT source FROM experiments WHERE name = 'line-confirm'"), "b.db");
  EXPECT_EQ(text("a.db", "SELECT group_concat(quote(test_loss)) FROM runs WHERE point_id > 2"),
            text("b.db", "SELECT group_concat(quote(test_loss)) FROM runs"));
}

TEST_F(Confirming, RefusesWhatWouldNotBeTheSameToday) {
  run(grid("{sgd: {lr: {grid: [0.01, 0.3]}}}"), "a.db");
  auto found = compared({"lr=0.01"});
  found.points[0].content_hash = "of another build";
  try {
    confirm(found, 4);
    FAIL() << "was trained";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("point 1 of 'line' was trained by another build"));
  }
}

TEST_F(Confirming, RefusesTheNameOfAnotherExperiment) {
  const auto of = grid("{sgd: {lr: {grid: [0.01, 0.3]}}}");
  run(of, "a.db");
  const auto found = compared({"lr=0.01"});
  auto other = of;
  other.replace(other.find("line"), 4, "line-confirm");
  run(other, "a.db");
  try {
    confirm(found, 4);
    FAIL() << "was trained";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("stores its runs as 'line-confirm', which is the name"));
  }
}

TEST_F(Confirming, PassesOverPointsThatHaveNoMean) {
  run(grid("{sgd: {lr: {grid: [0.01, 1000000, 0.3]}}}", 8, 80), "a.db");
  const auto found = compared({"lr=0.01"});
  auto reader = store::Reader::open(path("a.db"));
  EXPECT_EQ(engine::best_of(reader, found, "test_loss")->a, 3);
}

}  // namespace
}  // namespace descent
