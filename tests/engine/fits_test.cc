// SPDX-License-Identifier: MIT
// The stored fits of points of one input, against the weights that the same runs stored.
#include "engine/laboratory.h"

namespace descent {
namespace {

class Fits : public Laboratory {
 protected:
  static std::string line(std::uint64_t replicates, const std::string& record = "") {
    return R"(
experiment: line
seed: 4
data:
  synthetic:
    function: 2*x + 1
    x: {uniform: [-1, 1]}
    noise: {normal: 0.3}
    train: 30
    test: 7
model: {layers: [{linear: 1}]}
loss: mse
dtype: float64
optimizer: {sgd: {lr: 0.1}}
train: {epochs: 20, batch: full}
record: {weights: true)" +
           record + "}\nreplicates: {count: " + std::to_string(replicates) + "}\n";
  }
  double answer(const std::string& sql) const { return number("s.db", sql); }
};

const std::string lines_of_replicates =
    "(SELECT replicate, sum(value) FILTER (WHERE name = 'linear0.weight') AS slope, "
    "sum(value) FILTER (WHERE name = 'linear0.bias') AS bias "
    "FROM weights JOIN runs USING (run_id) GROUP BY replicate)";

TEST_F(Fits, OfReplicatesAreTheirModelsAtTheTestInputs) {
  run(line(25), "s.db");
  EXPECT_EQ(answer("SELECT count(*) FROM replicate_fits"), 20 * 7);
  EXPECT_EQ(answer("SELECT count(DISTINCT replicate) FROM replicate_fits WHERE replicate < 20"),
            20);
  EXPECT_LT(answer("SELECT max(abs(f.y - (l.slope * f.x + l.bias))) FROM replicate_fits f JOIN " +
                   lines_of_replicates + " l USING (replicate)"),
            1e-13);
}

TEST_F(Fits, HaveTheMeanAndTheDeviationOfAllReplicates) {
  run(line(25), "s.db");
  EXPECT_LT(answer("SELECT max(abs(f.mean - m)) FROM fits f JOIN (SELECT f.place, "
                   "avg(l.slope * f.x + l.bias) AS m FROM fits f, " +
                   lines_of_replicates +
                   " l WHERE f.epoch = 20 GROUP BY f.place) USING (place) WHERE f.epoch = 20"),
            1e-13);
  EXPECT_LT(answer("SELECT max(abs(f.sd - s)) FROM fits f JOIN (SELECT f.place, "
                   "stddev(l.slope * f.x + l.bias) AS s FROM fits f, " +
                   lines_of_replicates +
                   " l WHERE f.epoch = 20 GROUP BY f.place) USING (place) WHERE f.epoch = 20"),
            1e-13);
  EXPECT_LT(answer("SELECT max(abs(truth - (2 * x + 1))) FROM fits"), 1e-15);
}

TEST_F(Fits, OfReplicatesAreAsManyAsTheFileSays) {
  run(line(5, ", fit: 3"), "s.db");
  EXPECT_EQ(answer("SELECT count(DISTINCT replicate) FROM replicate_fits"), 3);
  EXPECT_EQ(answer("SELECT count(DISTINCT replicate) FROM samples"), 3);
}

TEST_F(Fits, AreNotStoredWhereTheFileSaysSo) {
  run(line(5, ", fit: 0"), "s.db");
  EXPECT_EQ(answer("SELECT count(*) FROM fits"), 0);
  EXPECT_EQ(answer("SELECT count(*) FROM replicate_fits"), 0);
  EXPECT_EQ(answer("SELECT count(*) FROM samples"), 0);
}

// Predictions of more than 100 replicates are accumulated in groups.
TEST_F(Fits, OfSingleReplicatesAreNotKnownInGroups) {
  run(line(101), "s.db");
  EXPECT_GT(answer("SELECT count(*) FROM fits"), 0);
  EXPECT_EQ(answer("SELECT count(*) FROM replicate_fits"), 0);
}

}  // namespace
}  // namespace descent
