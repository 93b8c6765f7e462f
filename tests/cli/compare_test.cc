// SPDX-License-Identifier: MIT
// descent compare as a person calls it: what is printed, recorded, refused and confirmed.
#include "cli/desk.h"

namespace descent {
namespace {

using nlohmann::json;

class Compare : public Desk {
 protected:
  Result compare(Words more) const {
    Words words{"compare", run_small()};
    words.insert(words.end(), more.begin(), more.end());
    return descent(words);
  }
  std::string ask(const std::string& sql) const {
    return descent({"sql", "small.db", sql, "--format", "csv"}).out;
  }
};

TEST_F(Compare, PrintsATableWithALegendAndRecordsIt) {
  const auto result = compare({"--baseline", "optimizer=sgd"});
  EXPECT_EQ(result.code, 0);
  EXPECT_TRUE(
      result.err.starts_with("warning: (optimizer=adam, optimizer.lr=0.001): the error over "
                             "test points exceeds that over replicates"))
      << result.err;
  EXPECT_TRUE(result.out.starts_with("small-grid: test_loss against optimizer=sgd\n\noptimizer"))
      << result.out;
  EXPECT_TRUE(contains(result.out, "\nadam              0.001  optimizer=sgd, optimizer.lr=0.1  "))
      << result.out;
  EXPECT_TRUE(contains(result.out,
                       "\ndifference: point minus baseline, paired by "
                       "replicate, with 95 % interval; better, worse: p_holm <= 0.05 "
                       "(Holm, 1 comparison); more: replicates to add for 80 % power"));
  EXPECT_EQ(ask("SELECT experiment, a, b, replicates, k_family FROM contrasts"),
            "experiment,a,b,replicates,k_family\r\nsmall-grid,2,1,3,1\r\n");
}

TEST_F(Compare, PrintsTheSameTwiceAndRecordsItOnce) {
  const auto once = compare({"--baseline", "optimizer=sgd"});
  EXPECT_EQ(descent({"compare", "small.db", "--baseline", "optimizer=sgd"}).out, once.out);
  EXPECT_EQ(ask("SELECT count(*) AS n FROM contrast_rows"), "n\r\n1\r\n");
}

TEST_F(Compare, PrintsWhatTheViewHolds) {
  const auto result = compare({"--baseline", "optimizer=sgd", "--metric", "test_loss", "--metric",
                               "bias2", "--confirm", "--format", "json"});
  const auto printed = json::parse(result.out);
  const std::string query = "SELECT * FROM contrasts ORDER BY fresh_replicates, quantity DESC";
  const auto stored = json::parse(descent({"sql", "small.db", query, "--format", "json"}).out);
  ASSERT_EQ(printed.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i)
    for (const auto& [key, value] : printed[i].items()) EXPECT_EQ(value, stored[i][key]) << key;
  EXPECT_EQ(printed[1]["metric"], "mse");
  EXPECT_EQ(printed[1]["quantity"], "bias2");
  EXPECT_EQ(printed[2]["point"], "optimizer=adam, optimizer.lr=0.001");
}

TEST_F(Compare, HasTheFormsOfSql) {
  EXPECT_TRUE(compare({"--baseline", "optimizer=sgd", "--format", "csv"})
                  .out.starts_with("experiment,a,b,point,baseline,metric,quantity,diff,"));
  EXPECT_TRUE(contains(compare({"--baseline", "optimizer=sgd", "--format", "markdown"}).out,
                       "| optimizer |"));
  const auto result = compare({"--baseline", "optimizer=sgd", "--format", "cvs"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err, "error: unknown format 'cvs'; did you mean 'csv'?\n");
}

TEST_F(Compare, ConfirmsTheBestOnFreshReplicates) {
  const auto result = compare({"--baseline", "optimizer=sgd", "--confirm", "4"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "the best of these by test_loss, again on 4 fresh replicates:"))
      << result.out;
  EXPECT_EQ(ask("SELECT fresh_replicates, replicates, experiment FROM contrasts ORDER BY 1"),
            "fresh_replicates,replicates,experiment\r\n0,3,small-grid\r\n4,4,small-grid\r\n");
  EXPECT_EQ(ask("SELECT experiment, min(replicate) AS first, count(*) AS runs FROM results JOIN "
                "runs USING (point_id) GROUP BY experiment"),
            "experiment,first,runs\r\nsmall-grid,0,6\r\nsmall-grid-confirm,3,8\r\n");
  // The store now has two experiments, one of which is of the other.
  EXPECT_EQ(descent({"compare", "small.db", "--baseline", "optimizer=sgd"}).code, 0);
}

TEST_F(Compare, ConfirmsOnOtherReplicatesEachTimeAndKeepsBoth) {
  compare({"--baseline", "optimizer=sgd", "--confirm", "2"});
  compare({"--baseline", "optimizer=sgd", "--confirm", "2"});
  EXPECT_EQ(ask("SELECT group_concat(DISTINCT replicate) AS r FROM runs JOIN results USING "
                "(point_id) WHERE experiment = 'small-grid-confirm'"),
            "r\r\n\"3,4,5,6\"\r\n");
  EXPECT_EQ(ask("SELECT count(*) AS n FROM contrasts WHERE fresh_replicates = 2"), "n\r\n2\r\n");
}

TEST_F(Compare, CountsTestPointsOfAPopulation) {
  const auto result = compare({"--baseline", "optimizer=sgd", "--population"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "small-grid: total against optimizer=sgd")) << result.out;
  EXPECT_EQ(ask("SELECT population, quantity, se_points > 0 AS ok FROM contrasts"),
            "population,quantity,ok\r\n1,total,1\r\n");
  const auto refused =
      compare({"--baseline", "optimizer=sgd", "--population", "--metric", "test_loss"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(contains(refused.err, "use --metric total, bias2 or variance")) << refused.err;
}

TEST_F(Compare, ConfirmsOnAsManyReplicatesByDefault) {
  EXPECT_EQ(compare({"--baseline", "optimizer=sgd", "--confirm"}).code, 0);
  EXPECT_EQ(ask("SELECT max(fresh_replicates) AS n FROM contrasts"), "n\r\n3\r\n");
}

TEST_F(Compare, ConfirmsOnOneReplicateOrMore) {
  for (const std::string none : {"--confirm=0", "--confirm=-1"}) {
    const auto result = compare({"--baseline", "optimizer=sgd", none});
    EXPECT_EQ(result.code, 2) << none;
    EXPECT_TRUE(contains(result.err, ": expected a whole number >= 1")) << result.err;
  }
}

TEST_F(Compare, OfRunsThatCannotBeComparedIsAUsageError) {
  std::string measures;
  for (const std::string measure : {"mse",
                                    "mae",
                                    "rmse",
                                    "r2",
                                    "median_absolute_error",
                                    "explained_variance",
                                    "balanced_accuracy",
                                    "precision",
                                    "recall",
                                    "f1",
                                    "precision_micro",
                                    "recall_micro",
                                    "f1_micro",
                                    "mcc",
                                    "roc_auc",
                                    "average_precision",
                                    "log_loss",
                                    "brier",
                                    "ece",
                                    "top_2_accuracy",
                                    "top_3_accuracy",
                                    "top_5_accuracy",
                                    "top_10_accuracy"})
    for (const std::string samples : {"train", "validation", "test"})
      measures += ", " + samples + "_" + measure;
  for (const auto& [words, message] : std::vector<std::pair<Words, std::string>>{
           {{"--baseline", "optimizer=sdg"},
            "error: --baseline: optimizer has no value 'sdg'; did you mean 'sgd'? (values: sgd, "
            "adam)\n"},
           {{"--baseline", "optimizer=sgd", "--level", "95"},
            "error: --level 95: expected a number between 0 and 1\n"},
           {{"--baseline", "optimizer=sgd", "--metric", "los"},
            "error: --metric: 'los' is not known; valid: test_loss, train_loss, validation_loss, "
            "test_accuracy, "
            "train_accuracy, validation_accuracy, penalty, gradient_norm, weight_norm, "
            "zero_weights, total, bias2, "
            "variance" +
                measures + "\n"},
           {{}, "error: compare takes one store and a --baseline; see descent compare --help\n"}}) {
    const auto result = compare(words);
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, message);
  }
}

TEST_F(Compare, MakesNoStore) {
  const auto result = descent({"compare", "absent.db", "--baseline", "optimizer=sgd"});
  EXPECT_EQ(result.code, 3);
  EXPECT_FALSE(std::filesystem::exists(path("absent.db")));
}

TEST_F(Compare, PrintsAStoreThatCannotBeWritten) {
  run_small();
  const auto written = descent({"compare", "small.db", "--baseline", "optimizer=sgd"});
  std::filesystem::permissions(path("small.db"), std::filesystem::perms(0444));
  std::filesystem::permissions(path(""), std::filesystem::perms(0555));
  auto again = invocation({"compare", "small.db", "--baseline", "optimizer=sgd"});
  again.plain_user = true;
  const auto result = run(again);
  std::filesystem::permissions(path(""), std::filesystem::perms(0755));
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, written.out);
  EXPECT_TRUE(contains(result.err, "\nnot recorded: small.db: error: cannot be written"))
      << result.err;
}

}  // namespace
}  // namespace descent
