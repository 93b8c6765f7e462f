// SPDX-License-Identifier: MIT
// Runs that end early in the store: done, with a reason, and counted at every recorded epoch.
#include "engine/laboratory.h"

namespace descent {
namespace {

class StoppedRuns : public Laboratory {};

const std::string overfitting = R"(
experiment: overfitting
seed: 5
dtype: float64
data:
  synthetic:
    function: sin(6*x)
    x: {uniform: [0, 1]}
    noise: {normal: 0.5}
    train: 12
    validation: 40
    test: 30
features: [standardize, {polynomial: {degree: 5}}]
model: {layers: [{linear: 1}], init: zeros}
loss: mse
optimizer: {adam: {lr: 0.3}}
train: {epochs: 200, stop: {patience: 5, restore: true}}
record: {every: 10}
replicates: 20
)";

TEST_F(StoppedRuns, AreDoneAndSayWhereTheyEnded) {
  EXPECT_TRUE(run(overfitting, "a.db").all_done());
  EXPECT_GT(number("a.db", "SELECT count(*) FROM runs WHERE epochs < 200"), 10);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs WHERE (epochs < 200) <> (coalesce(reason, '') LIKE "
                   "'stopped at epoch ' || epochs || ': validation_loss has not improved%')"),
            0);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs r WHERE epochs <> (SELECT max(epoch) FROM curve_rows "
                   "c WHERE c.run_id = r.run_id)"),
            0);
}

// At the last epoch the decomposition is that of the models the runs ended with.
TEST_F(StoppedRuns, CountInBiasAndVarianceAtEveryEpoch) {
  run(overfitting, "a.db");
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM bias_variance WHERE replicates = 20"), 21);
  EXPECT_NEAR(number("a.db", "SELECT total - noise FROM bias_variance WHERE epoch = 200"),
              number("a.db", "SELECT bias2 + variance FROM bias_variance WHERE epoch = 200"), 1e-9);
  run(overfitting, "noiseless.db", 2, false,
      {"data.synthetic.noise=none", "train.stop.patience=2"});
  EXPECT_NEAR(number("noiseless.db", "SELECT total FROM bias_variance WHERE epoch = 200"),
              number("noiseless.db", "SELECT avg(test_loss) FROM runs"), 1e-12);
}

TEST_F(StoppedRuns, AreTheSameForAnyWorkers) {
  run(overfitting, "one.db", 1);
  run(overfitting, "three.db", 3);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("three.db")));
}

}  // namespace
}  // namespace descent
