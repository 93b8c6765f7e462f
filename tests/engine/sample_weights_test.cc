// SPDX-License-Identifier: MIT
// Sample weights from the file to the views: one meaning of every mean over a test set.
#include <cmath>
#include <tuple>

#include "engine/laboratory.h"

namespace descent {
namespace {

class StoredWeights : public Laboratory {
 protected:
  // Where the loss is `loss` and rows of weight w occur `w` times if they are repeated.
  std::string experiment(const std::string& loss, bool is_repeated, const std::string& more) const {
    write("train.csv", "x,y,w\n0,0,1\n1,1,1\n2,0,1\n3,1,1\n4,1,1\n");
    const std::string rows[] = {"0,0,", "1,1,", "2,1,", "3,0,", "40,1,"};
    const int weights[] = {1, 2, 1, 4, 0};
    std::string test = "x,y,w\n";
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < (is_repeated ? weights[i] : 1); ++j)
        test += rows[i] + std::to_string(is_repeated ? 1 : weights[i]) + "\n";
    write("test.csv", test);
    return "experiment: weighted\ndtype: float64\nloss: " + loss +
           "\ndata: {csv: {path: train.csv, target: y, weight: w, test: {path: test.csv}}}\n"
           "model: {layers: [{linear: auto}], init: torch}\noptimizer: {sgd: {lr: 0.05}}\n"
           "train: {epochs: 20}\nreplicates: " +
           more + "\n";
  }

  void expect_same(const std::string& sql) const {
    const auto found = ask("a.db", sql), expected = ask("b.db", sql);
    ASSERT_FALSE(expected.empty()) << sql;
    ASSERT_EQ(found.size(), expected.size()) << sql;
    for (std::size_t i = 0; i < found.size(); ++i)
      for (std::size_t j = 0; j < found[i].size(); ++j) {
        const auto* real = std::get_if<double>(&expected[i][j]);
        if (real)
          EXPECT_NEAR(std::get<double>(found[i][j]), *real, 1e-11 * (1 + std::abs(*real))) << sql;
        else
          EXPECT_EQ(found[i][j], expected[i][j]) << sql;
      }
  }
};

// Squared error of w x + b against y, by the stored weights: sum(w l) / sum(w).
TEST_F(StoredWeights, GiveTheClosedFormOfTheTestLossAndTheTotal) {
  const auto yaml = experiment("mse", false, "4") + "record: {every: 20, weights: true}\n";
  ASSERT_TRUE(run(yaml, "a.db").all_done());
  const double expected = number("a.db", R"(
    WITH test(x, y, w) AS (VALUES (0,0,1), (1,1,2), (2,1,1), (3,0,4)),
         model AS (SELECT run_id, max(value) FILTER (WHERE name LIKE '%weight%') AS slope,
                   max(value) FILTER (WHERE name LIKE '%bias%') AS start FROM weights GROUP BY 1)
    SELECT avg(loss) FROM (SELECT sum(w * (slope * x + start - y) * (slope * x + start - y)) / sum(w)
                           AS loss FROM test, model GROUP BY run_id))");
  EXPECT_NEAR(number("a.db", "SELECT test_loss_mean FROM results"), expected, 1e-12 * expected);
  EXPECT_NEAR(number("a.db", "SELECT total FROM results"), expected, 1e-12 * expected);
  EXPECT_NEAR(number("a.db", "SELECT bias2 + variance FROM results"), expected, 1e-12 * expected);
}

TEST_F(StoredWeights, AreRepetitionsInEveryDecomposition) {
  for (const auto& [loss, more, decompose] :
       {std::tuple("mse", "5", "[mse, mae]"), std::tuple("cross_entropy", "5", ""),
        std::tuple("bce_with_logits", "5", ""),
        std::tuple("mse", "{count: 6, layout: crossed, seeds: 2, resample: bootstrap}", "")}) {
    const std::string record =
        *decompose ? std::string("record: {decompose: ") + decompose + "}\n" : "";
    ASSERT_TRUE(run(experiment(loss, false, more) + record, "a.db", 2, true).all_done()) << loss;
    ASSERT_TRUE(run(experiment(loss, true, more) + record, "b.db", 2, true).all_done()) << loss;
    const std::string terms =
        "SELECT metric, bias2, variance, total, bias2_se, variance_se, total_se FROM bias_variance "
        "ORDER BY metric, epoch";
    SCOPED_TRACE(loss);
    expect_same(terms);
    expect_same("SELECT test_loss, test_accuracy FROM runs ORDER BY replicate");
    expect_same("SELECT count(*) FROM effects");
    if (number("b.db", "SELECT count(*) FROM effects") > 0)
      expect_same("SELECT definition, term, value, se FROM effects ORDER BY 1, 2, epoch");
  }
}

}  // namespace
}  // namespace descent
