// SPDX-License-Identifier: MIT
// The results of a validation set in the store, and that leaving it out changes nothing else.
#include "engine/laboratory.h"

namespace descent {
namespace {

class ValidationRuns : public Laboratory {};

const std::string held_out = R"(
experiment: held-out
seed: 5
dtype: float64
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 20, test: 10}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}
train: {epochs: 10}
record: {every: 4}
replicates: 3
)";

TEST_F(ValidationRuns, AreMeasuredOnIt) {
  run(held_out, "a.db", 2, false, {"data.synthetic.validation=50"});
  EXPECT_EQ(number("a.db", "SELECT count(validation_loss) FROM runs"), 6);
  EXPECT_EQ(number("a.db", "SELECT count(validation_accuracy) FROM runs"), 0);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM curves WHERE metric = 'validation_loss'"), 24);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs r JOIN curves c USING (run_id) WHERE c.epoch = 10 "
                   "AND c.metric = 'validation_loss' AND c.value = r.validation_loss"),
            6);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM held_out h WHERE validation_loss_mean = (SELECT "
                   "avg(validation_loss) FROM runs r WHERE r.point_id = h.point_id) AND "
                   "validation_loss_se > 0 AND validation_loss_min <= validation_loss_median AND "
                   "validation_loss_median <= validation_loss_max"),
            2);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE validation_loss = test_loss"), 0);
}

TEST_F(ValidationRuns, LeaveTrainingAndTestAsTheyAre) {
  run(held_out, "with.db", 2, false,
      {"data.synthetic.validation={count: 50, x: {normal: [0, 1]}}"});
  run(held_out, "without.db");
  const std::string all =
      "SELECT run_id || ' ' || train_loss || ' ' || test_loss || ' ' || weight_norm FROM runs";
  EXPECT_EQ(ask("with.db", all), ask("without.db", all));
  EXPECT_EQ(number("without.db", "SELECT count(validation_loss) FROM runs"), 0);
  EXPECT_EQ(number("without.db", "SELECT count(*) FROM curves WHERE metric LIKE 'validation%'"), 0);
  EXPECT_EQ(number("without.db", "SELECT count(*) FROM parameters WHERE path LIKE '%validation%'"),
            0);
}

TEST_F(ValidationRuns, RecordTheShareOfCorrectClasses) {
  write("classes.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,a\n8,b\n9,a\n10,b\n");
  run(R"(
experiment: classes
data: {csv: {path: classes.csv, target: y, validation: 0.3}}
model: {layers: [{linear: auto}]}
loss: cross_entropy
optimizer: sgd
train: {epochs: 2}
)",
      "a.db");
  const auto share = number("a.db", "SELECT validation_accuracy * 3 FROM runs");
  EXPECT_GE(share, 0);
  EXPECT_NEAR(share, std::round(share), 1e-9);
  EXPECT_EQ(number("a.db", "SELECT validation_accuracy_mean * 3 FROM classes"), share);
}

}  // namespace
}  // namespace descent
