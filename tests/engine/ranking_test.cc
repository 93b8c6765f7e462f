// SPDX-License-Identifier: MIT
// What points are ranked by: what they train for, where this has one meaning for all of them.
#include "engine/laboratory.h"

namespace descent {
namespace {

class Ranking : public Laboratory {
 protected:
  Ranking() {
    write("numbers.csv", "x,y\n-1,0\n0,0.4\n1,1.1\n2,1.4\n");
    write("classes.csv", "x,y\n-2,no\n-1,no\n0.5,no\n1,yes\n2,yes\n");
  }

  void train(const std::string& file, const std::string& loss, const std::string& lr = "0.1",
             const std::string& replicates = "3") {
    run("experiment: ranking\ndata: {csv: {path: " + file + ".csv, target: y, test: {path: " +
            file + ".csv}}}\nmodel: {layers: [{linear: auto}]}\nloss: " + loss +
            "\noptimizer: {sgd: {lr: " + lr +
            "}}\ntrain: {epochs: 100}\nreplicates: " + replicates + "\n",
        "a.db");
  }

  std::string objective(const std::string& file, const std::string& loss,
                        const std::string& replicates = "3") {
    std::filesystem::remove(path("a.db"));
    train(file, loss, "0.1", replicates);
    return text("a.db", "SELECT objective FROM objectives");
  }
};

TEST_F(Ranking, IsByTheTotalErrorOfALossThatIsDecomposed) {
  EXPECT_EQ(objective("numbers", "mse"), "total");
  EXPECT_EQ(objective("classes", "cross_entropy"), "total");
  EXPECT_EQ(objective("classes", "bce_with_logits"), "total");
}

TEST_F(Ranking, IsByTheLossWhereThisIsAnotherCriterion) {
  for (const std::string loss : {"l1", "huber", "{quantile: {tau: 0.9}}"})
    EXPECT_EQ(objective("numbers", loss), "test_loss") << loss;
  for (const std::string loss :
       {"soft_margin", "hinge", "{cross_entropy: {label_smoothing: 0.1}}",
        "{cross_entropy: {class_weight: [1, 3]}}", "{cross_entropy: {class_weight: balanced}}"})
    EXPECT_EQ(objective("classes", loss), "test_loss") << loss;
}

// Its noise, and so the total, is infinite.
TEST_F(Ranking, IsByTheLossWhereTheNoiseHasNoVariance) {
  for (const auto& [df, objective] : {std::pair("2", "test_loss"), std::pair("3", "total")}) {
    std::filesystem::remove(path("a.db"));
    run("experiment: tails\ndata: {synthetic: {function: x, x: {uniform: [0, 1]}, noise: "
        "{student_t: "
        "{df: " +
            std::string(df) +
            ", scale: 1}}, train: 8, test: 8}}\nmodel: {layers: [{linear: auto}]}\nloss: mse\n"
            "optimizer: {sgd: {lr: 0.1}}\ntrain: {epochs: 2}\nreplicates: 3\n",
        "a.db");
    EXPECT_EQ(text("a.db", "SELECT objective FROM objectives"), objective) << df;
    EXPECT_EQ(number("a.db", "SELECT count(*) FROM warnings WHERE text LIKE '%has no variance%'"),
              df[0] == '2');
  }
}

TEST_F(Ranking, OfDifferentLossesNeedsACommonMeasure) {
  EXPECT_EQ(objective("numbers", "{grid: [mse, l1]}"), "total");
  EXPECT_EQ(objective("numbers", "{quantile: {tau: {grid: [0.2, 0.5]}}}"), "total");
}

TEST_F(Ranking, OfReplicatesThatDependOnEachOtherIsByTheirDecomposition) {
  EXPECT_EQ(
      objective("numbers", "l1",
                "{count: 40, layout: nested, seeds: 4, resample: bootstrap, vary: [data, init]}"),
      "total");
}

// Large steps lead to large scores: right for soft_margin, far from +-1 for squared errors.
TEST_F(Ranking, PutsTheLeastTestLossFirst) {
  train("classes", "soft_margin", "{grid: [0.01, 10]}");
  const auto first = [&](const std::string& order) {
    return text("a.db", "SELECT point FROM leaderboard JOIN results USING (point_id) ORDER BY " +
                            order + " LIMIT 1");
  };
  EXPECT_EQ(first("rank"), "lr=10");
  EXPECT_EQ(first("test_loss_mean"), "lr=10");
  EXPECT_EQ(first("total"), "lr=0.01") << "otherwise this shows nothing";
}

}  // namespace
}  // namespace descent
