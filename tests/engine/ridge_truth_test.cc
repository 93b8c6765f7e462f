// SPDX-License-Identifier: MIT
// Ridge regression and early stopping, from the experiment file to the store, against the exact
// bias and variance: a given design of which only y is redrawn, and Bishop's figure 3.6.
#include <fmt/format.h>

#include <fstream>
#include <map>

#include "engine/comparison.h"
#include "engine/estimates.h"

namespace descent {
namespace {

// y = X beta + N(0, 0.5^2) with X_ij = sin(i j): a design of which only y is redrawn, given as two
// files next to the experiment.
class SineLaboratory : public TruthLaboratory {
 protected:
  SineLaboratory() {
    const SineDesign design;
    write_table("train.csv", design.x, design.x * design.beta);
    write_table("test.csv", design.test, design.test * design.beta);
  }

  // blocks: of a union, each with an optimizer and a regularizer.
  static std::string sine(const std::string& blocks, unsigned replicates,
                          const std::string& seed = "42") {
    return fmt::format(R"(
experiment: sine
seed: {}
dtype: float64
data: {{csv: {{path: train.csv, target: y, truth: truth, noise: {{normal: 0.5}}, test: {{path: test.csv}}}}}}
model: {{layers: [{{linear: {{units: 1, bias: false}}}}], init: zeros}}
loss: mse
replicates: {{count: {}, resample: noise}}
{})",
                       seed, replicates, blocks);
  }

  // X'X/n has eigenvalues in [0.39, 0.56]: with this lr descent shrinks the error sixfold a step.
  static std::string ridge_block(double lambda) {
    return fmt::format(
        "  - {{optimizer: {{sgd: {{lr: {}}}}}, regularizer: {{l2: {{lambda: {}}}}}}}\n",
        1 / (0.95 + 2 * lambda), lambda);
  }

  static std::string ridges(const std::vector<double>& lambdas) {
    std::string blocks = "train: {epochs: 60}\nrecord: {every: 60}\nunion:\n";
    for (const double lambda : lambdas) blocks += ridge_block(lambda);
    return blocks;
  }

 private:
  void write_table(const std::string& name, const arma::mat& x, const arma::vec& truth) const {
    std::ofstream file(path(name));
    file.precision(17);
    for (arma::uword j = 0; j < x.n_cols; ++j) file << 'x' << j + 1 << ',';
    file << "y,truth\n";
    for (arma::uword i = 0; i < x.n_rows; ++i) {
      for (arma::uword j = 0; j < x.n_cols; ++j) file << x(i, j) << ',';
      file << truth(i) << ',' << truth(i) << '\n';
    }
  }
};

using Ridge = SineLaboratory;

TEST_F(Ridge, HasTheKnownBiasVarianceAndErrors) {
  const std::vector<double> lambdas{0, .004, .01, .1, 1, 10};
  for (const unsigned replicates : {100u, 400u}) {
    SCOPED_TRACE(replicates);
    const auto store = std::to_string(replicates) + ".db";
    run(sine(ridges(lambdas), replicates), store);
    expect_solved(store, 1e-9);
    const auto found = decompositions(store, "epoch = 60");
    ASSERT_EQ(found.size(), lambdas.size());
    for (std::size_t i = 0; i < lambdas.size(); ++i) {
      SCOPED_TRACE(lambdas[i]);
      expect_agreement(found[i], exact(truth_of(sine_ridge(lambdas[i])), 1e-12));
    }
  }
}

TEST_F(Ridge, SolvedDirectlyHasThemToo) {
  std::string blocks = "optimizer: exact\nunion:\n";
  const std::vector<double> lambdas{0, .004, .01, .1, 1, 10};
  for (const double lambda : lambdas)
    blocks += fmt::format("  - {{regularizer: {{l2: {{lambda: {}}}}}}}\n", lambda);
  run(sine(blocks, 400), "a.db");
  expect_solved("a.db", 1e-13);
  const auto found = decompositions("a.db", "epoch = 1");
  ASSERT_EQ(found.size(), lambdas.size());
  for (std::size_t i = 0; i < lambdas.size(); ++i) {
    SCOPED_TRACE(lambdas[i]);
    expect_agreement(found[i], exact(truth_of(sine_ridge(lambdas[i]))));
  }
}

// A penalty of another convention (halved, summed) is many standard errors away.
TEST_F(Ridge, DistinguishesTheConventionsOfThePenalty) {
  run(sine(ridges({.1}), 400), "a.db");
  const auto excess = decompositions("a.db", "epoch = 60").at(0).excess;
  for (const double other : {.569751756, .103212159, .0606081207})
    EXPECT_GT(std::abs(excess.value - other), 10 * excess.se);
}

// Ridge with lambda .004 against least squares on the same draws, compared in the store.
TEST_F(Ridge, DiffersFromLeastSquaresAsIsKnown) {
  run(sine("train: {epochs: 60}\nrecord: {every: 60}\noptimizer: {sgd: {lr: 1.04}}\n"
           "regularizer: {l2: {lambda: {grid: [0, 0.004]}}}\n",
           100),
      "a.db");
  auto reader = store::Reader::open(path("a.db"));
  const auto found =
      engine::compare(reader, {"", {"lambda=0"}, {"total", "bias2", "variance"}, {.95}});
  const std::vector<std::pair<double, double>> difference_and_se{
      {-.0005660431854609266, .0004382461622035696},
      {.0003944276766448592, .0004327895676519464},
      {-.0009604708621057875, 6.379547535815182e-05}};
  ASSERT_EQ(found.family.rows.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& row = found.family.rows[i];
    SCOPED_TRACE(row.quantity);
    const auto [difference, se] = difference_and_se[i];
    EXPECT_LE(std::abs(row.diff - difference), 3.5 * row.se_paired);
    EXPECT_GE(row.se_paired / se, .7);
    EXPECT_LE(row.se_paired / se, 1.4);
    EXPECT_EQ(row.df, 99);
  }
  EXPECT_EQ(found.family.rows[2].verdict, "better") << "fifteen standard errors";
}

using StoppedEarly = SineLaboratory;

TEST_F(StoppedEarly, HasTheKnownBiasAndVarianceAtEveryStep) {
  run(sine("optimizer: {sgd: {lr: 0.1}}\ntrain: {epochs: 100}\nrecord: {every: 1}\n", 400), "a.db");
  const auto found = decompositions("a.db");
  ASSERT_EQ(found.size(), 101u);
  EXPECT_NEAR(found[0].bias2.value, 7.579686224694858, 1e-12);
  EXPECT_NEAR(found[0].variance.value, 0, 1e-15);
  for (const int steps : {1, 2, 5, 10, 20, 39, 50, 100}) {
    SCOPED_TRACE(steps);
    expect_agreement(found[std::size_t(steps)], exact(truth_of(stopped_descent(.1, steps)), 1e-12));
  }
}

TEST_F(StoppedEarly, IsBestNearTheKnownStep) {
  run(sine("optimizer: {sgd: {lr: 0.1}}\ntrain: {epochs: 100}\nrecord: {every: 1}\n", 400), "a.db");
  const auto best = number("a.db", "SELECT epoch FROM bias_variance ORDER BY excess LIMIT 1");
  EXPECT_GE(best, 30);
  EXPECT_LE(best, 50);
}

using Bishop = TruthLaboratory;

// Figure 3.6: descent with momentum reaches the ridge solution for every one of the three lambdas;
// the condition number is about 1500 for the smallest.
TEST_F(Bishop, HasTheKnownBiasVarianceAndErrors) {
  const std::vector<double> ln_lambdas{2.6, -.31, -2.4};
  std::string lambdas;
  for (const double l : ln_lambdas)
    lambdas += fmt::format("{}{}", lambdas.empty() ? "" : ", ", std::exp(l) / 25);
  for (const unsigned replicates : {100u, 400u}) {
    SCOPED_TRACE(replicates);
    const auto store = std::to_string(replicates) + ".db";
    run(fmt::format(R"(
experiment: bishop
seed: 42
dtype: float64
data:
  synthetic:
    function: sin(2*pi*x)
    x: {{midpoints: [0, 1]}}
    noise: {{normal: 0.3}}
    train: 25
    test: {{count: 100, x: {{midpoints: [0, 1]}}}}
features: [{{gaussian_basis: {{count: 24, from: 0, to: 1, width: 0.1}}}}]
model: {{layers: [{{linear: 1}}], init: zeros}}
loss: mse
optimizer: {{sgd: {{lr: 0.15, momentum: 0.93}}}}
regularizer: {{l2: {{lambda: {{grid: [{}]}}, on: all}}}}
train: {{epochs: 1200}}
record: {{every: 1200}}
replicates: {}
)",
                    lambdas, replicates),
        store);
    expect_solved(store, 1e-11);  // divided by 2 lambda: an error below 1.4e-9
    const auto found = decompositions(store, "epoch = 1200");
    ASSERT_EQ(found.size(), ln_lambdas.size());
    for (std::size_t i = 0; i < ln_lambdas.size(); ++i) {
      SCOPED_TRACE(ln_lambdas[i]);
      expect_agreement(found[i], exact(truth_of(gaussian_basis(ln_lambdas[i])), 1e-9));
    }
  }
}

using RidgeCalibrationSlow = SineLaboratory;

TEST_F(RidgeCalibrationSlow, IntervalsMissSeldom) {
  run(sine(ridges({.1}), 100, forty_seeds), "a.db");
  expect_calibrated(decompositions("a.db", "epoch = 60"), exact(truth_of(sine_ridge(.1))));
}

// Differences of lambda .004 from least squares, each seed by itself: of forty 95 % intervals more
// than six miss with a probability of 0.0034.
TEST_F(RidgeCalibrationSlow, IntervalsOfDifferencesMissSeldom) {
  run(sine("optimizer: exact\nregularizer: {l2: {lambda: {grid: [0, 0.004]}}}\n", 100, forty_seeds),
      "a.db");
  auto reader = store::Reader::open(path("a.db"));
  const auto found =
      engine::compare(reader, {"", {"lambda=0"}, {"total", "bias2", "variance"}, {.95}});
  const std::map<std::string, double> truths{{"total", -.0005660431854609266},
                                             {"bias2", .0003944276766448592},
                                             {"variance", -.0009604708621057875}};
  std::map<std::string, int> rows, missed;
  for (const auto& row : found.family.rows) {
    const double truth = truths.at(row.quantity);
    ++rows[row.quantity];
    missed[row.quantity] += truth < row.lo || truth > row.hi;
  }
  for (const auto& [quantity, truth] : truths) {
    EXPECT_EQ(rows[quantity], 40) << quantity;
    EXPECT_LE(missed[quantity], 6) << quantity;
  }
}

}  // namespace
}  // namespace descent
