// SPDX-License-Identifier: MIT
// Losses of classes and amounts without reference vectors: values as NumPy works them out
// (tests/reference/papers/make.py), gradients against central differences.
#include <gtest/gtest.h>

#include "autograd/gradient_check.h"
#include "host/loss.h"
#include "host/support.h"

namespace descent::testing {
namespace {

using Values = std::map<std::string, double>;

double checked_loss(const std::string& name, const Values& hyperparameters, arma::mat x,
                    const host::Targets<double>& targets,
                    descent_reduction reduction = DESCENT_MEAN) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_LOSS, name);
  host::Loss<double> loss(plugin, plugin.settle(hyperparameters).hyperparameters, {}, reduction);
  arma::mat gradient(arma::size(x));
  const double value = loss.evaluate(x, targets, &gradient);
  std::vector<arma::mat> inputs;  // a view
  inputs.emplace_back(x.memptr(), x.n_rows, x.n_cols, false, true);
  const std::vector<arma::mat> gradients = {gradient};
  EXPECT_LE(gradient_error(inputs, gradients, [&] { return loss.evaluate(x, targets, nullptr); }),
            1e-6)
      << name;
  return value;
}

// Logits of three classes for four samples; the samples' weights.
const arma::mat three_logits = {{1, -0.5, 0.25, 2}, {0, 1.5, -1, 0.5}, {-1, 0.5, 0.75, -2}};
const arma::rowvec four_weights = {1, 2, 0.5, 1.5};

host::Targets<double> four_classes(const arma::mat& weights = {}) {
  host::Targets<double> targets;
  targets.classes = {0, 1, 2, 1};
  targets.weights = weights;
  return targets;
}

TEST(ClassLosses, GeneralizedCrossEntropy) {
  const Values hyperparameters = {{"q", 0.6}};
  const auto value = [&](const host::Targets<double>& targets, descent_reduction reduction) {
    return checked_loss("generalized_cross_entropy", hyperparameters, three_logits, targets,
                        reduction);
  };
  EXPECT_NEAR(value(four_classes(), DESCENT_MEAN), 0.5705644201421078, 1e-12);
  EXPECT_NEAR(value(four_classes(four_weights), DESCENT_MEAN), 0.5871647969500045, 1e-12);
  EXPECT_NEAR(value(four_classes(), DESCENT_SUM), 4 * 0.5705644201421078, 1e-12);
}

// q = 1: the mean absolute error, 1 - p of the class. p = 1/2 of two equal logits.
TEST(ClassLosses, GeneralizedCrossEntropyIsLinearForQOfOne) {
  host::Targets<double> targets;
  targets.classes = {1};
  EXPECT_NEAR(checked_loss("generalized_cross_entropy", {{"q", 1}}, arma::mat(2, 1), targets), 0.5,
              1e-12);
}

TEST(ClassLosses, ConfidencePenalty) {
  const Values hyperparameters = {{"beta", 0.3}};
  const auto value = [&](const host::Targets<double>& targets) {
    return checked_loss("confidence_penalty", hyperparameters, three_logits, targets);
  };
  EXPECT_NEAR(value(four_classes()), 0.5424961721075163, 1e-12);
  EXPECT_NEAR(value(four_classes(four_weights)), 0.5907152141466294, 1e-12);
}

TEST(ClassLosses, Dice) {
  const auto value = [&](const host::Targets<double>& targets) {
    return checked_loss("dice", {{"smooth", 0.5}}, three_logits, targets);
  };
  EXPECT_NEAR(value(four_classes()), 0.24825254591397794, 1e-12);
  EXPECT_NEAR(value(four_classes(four_weights)), 0.273969866050057, 1e-12);
}

// As scikit-learn's mean_tweedie_deviance, of means and of their logarithms; 0 where they are
// right.
TEST(ClassLosses, Tweedie) {
  const arma::mat means = {{0.5, 1, 2, 9}};
  host::Targets<double> targets;
  targets.values = {{0, 0.5, 2.5, 7}};
  EXPECT_NEAR(checked_loss("tweedie", {{"power", 1.3}, {"log_input", 0}}, means, targets),
              0.6084796378532241, 1e-12);
  EXPECT_NEAR(checked_loss("tweedie", {{"power", 1.3}}, arma::log(means), targets),
              0.6084796378532241, 1e-12);
  targets.values = means;
  EXPECT_NEAR(checked_loss("tweedie", {{"power", 1.3}}, arma::log(means), targets), 0, 1e-12);
}

}  // namespace
}  // namespace descent::testing
