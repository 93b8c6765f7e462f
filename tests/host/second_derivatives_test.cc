// SPDX-License-Identifier: MIT
// Second derivatives of every shipped loss and penalty that gives them, against central differences
// of their gradients in double precision.
#include <gtest/gtest.h>

#include "host/loss.h"
#include "host/regularizer.h"
#include "host/support.h"

namespace descent::testing {
namespace {

constexpr arma::uword outputs = 3, samples = 4;

arma::mat distributions() {
  const arma::mat positive = arma::randu(outputs, samples) + 0.1;
  return positive.each_row() / arma::sum(positive, 0);
}

host::Targets<double> targets_of(const host::Plugin& loss, bool logarithms) {
  host::Targets<double> targets;
  if (loss->targets & DESCENT_CLASSES) {
    targets.classes = {0, 2, 1, 2};
    return targets;
  }
  if (loss->targets & DESCENT_NUMBERS)
    targets.values = arma::randn(outputs, samples);
  else if (loss->targets & DESCENT_SIGNS)
    targets.values = arma::sign(arma::randn(outputs, samples));
  else if (loss->targets & DESCENT_PROBABILITIES)
    targets.values = distributions();
  else
    targets.values = arma::floor(arma::randu(outputs, samples) * 5) + 1;
  if (logarithms) targets.values = arma::log(targets.values);
  return targets;
}

arma::mat prediction_of(const host::Plugin& loss) {
  switch (loss->prediction) {
    case DESCENT_LOG_PROBABILITIES:
      return arma::log(distributions());
    case DESCENT_BINARY_PROBABILITIES:
      return 0.1 + 0.8 * arma::randu(outputs, samples);
    case DESCENT_MEANS_AND_VARIANCES:
      return arma::join_cols(arma::randn(outputs, samples), arma::randu(outputs, samples) + 0.5);
    case DESCENT_RATES:
      return arma::randu(outputs, samples) + 0.5;
    default:
      return arma::randn(outputs, samples);
  }
}

void expect_hessian(const host::Plugin& plugin, host::Loss<double>& loss) {
  const auto targets = targets_of(plugin, false);
  const arma::mat x = prediction_of(plugin), v = arma::randn(arma::size(x));
  arma::mat gradient(arma::size(x)), found(arma::size(x)), above(arma::size(x)), below = above;
  loss.evaluate_twice(x, targets, gradient, v, found);
  constexpr double h = 1e-5;
  loss.evaluate(x + h * v, targets, &above);
  loss.evaluate(x - h * v, targets, &below);
  const arma::mat expected = (above - below) / (2 * h);
  EXPECT_LE(arma::abs(found - expected).max(), 1e-7 * (1 + arma::abs(expected).max()))
      << plugin.label() << "\n"
      << found << expected;
}

TEST(SecondDerivatives, OfEveryLossMatchCentralDifferences) {
  const host::Catalog catalog({shipped_plugins()});
  int tested = 0;
  for (const auto& name : catalog.names(DESCENT_LOSS)) {
    const auto& plugin = catalog.get(DESCENT_LOSS, name);
    arma::arma_rng::set_seed(11);
    if (!(plugin->traits & DESCENT_TWICE)) continue;
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      host::Loss<double> loss(plugin, plugin.settle({}).hyperparameters, {}, reduction);
      expect_hessian(plugin, loss);
      ++tested;
    }
  }
  EXPECT_GE(tested, 2 * 18) << "a loss lost its second derivatives";
}

TEST(SecondDerivatives, OfEveryPenaltyMatchCentralDifferences) {
  const host::Catalog catalog({shipped_plugins()});
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 4, 3, false},
                                             {"linear1.weight", 12, 2, 4, false}};
  int tested = 0;
  for (const auto& name : catalog.names(DESCENT_REGULARIZER)) {
    const auto& plugin = catalog.get(DESCENT_REGULARIZER, name);
    if (!(plugin->traits & DESCENT_TWICE) || !plugin->penalty[DESCENT_F64]) continue;
    arma::arma_rng::set_seed(12);
    host::Regularizer<double> penalty(plugin, plugin.settle({}).hyperparameters, blocks);
    const arma::vec x(20, arma::fill::randn), v(20, arma::fill::randn);
    arma::vec found(20, arma::fill::ones), above(20, arma::fill::zeros), below = above;
    penalty.add_hessian_times(x, v, found);
    constexpr double h = 1e-5;
    penalty.penalty(x + h * v, &above);
    penalty.penalty(x - h * v, &below);
    const arma::vec expected = 1 + (above - below) / (2 * h);
    EXPECT_LE(arma::abs(found - expected).max(), 1e-7) << plugin.label();
    ++tested;
  }
  EXPECT_GE(tested, 4);
}

TEST(SecondDerivatives, ThatAreNotThereAreRefused) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_REGULARIZER, "nuclear");
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 2, 2, false}};
  host::Regularizer<double> nuclear(plugin, plugin.settle({}).hyperparameters, blocks);
  arma::vec x(4, arma::fill::ones), product(4);
  EXPECT_EQ(failure_of([&] { nuclear.add_hessian_times(x, x, product); }),
            "regularizer 'nuclear' gives no second derivatives");
}

}  // namespace
}  // namespace descent::testing
