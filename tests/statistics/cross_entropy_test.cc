// SPDX-License-Identifier: MIT
// The decomposition of cross-entropy on known numbers, and where parts of it are not defined.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "golden.h"

namespace descent {
namespace {

TEST(CrossEntropy, GivesTheGoldenValues) {
  const auto d = statistics::decompose(entropy_groups(), one_hot);
  expect_relative(d.total.value, 0.7486402501135148, 1e-10);
  expect_relative(d.variance_plugin, 0.08646946622375645, 1e-10);
  expect_relative(d.bias2_plugin, 0.6621707838897584, 1e-10);
  expect_relative(d.variance.value, 0.13225636268682645, 1e-10);
  expect_relative(d.bias2.value, 0.6163838874266885, 1e-10);
  expect_relative(d.total.se, 0.2502358306691, 1e-10);
  expect_relative(d.variance.se, 0.039538298191458786, 1e-10);
  expect_relative(d.bias2.se, 0.27246785711862653, 1e-10);
  EXPECT_LT(d.identity_residual, 1e-14);
  EXPECT_EQ(d.clip_eps, 1e-12);
  EXPECT_EQ(d.clipped, 0u);
}

TEST(CrossEntropy, AgainstTrueProbabilitiesSeparatesEntropyFromBias) {
  const arma::mat q{{0.5, 0.25}, {0.5, 0.75}};
  std::vector<statistics::Accumulator> groups;
  for (double p : {0.4, 0.6, 0.7}) {
    groups.emplace_back(statistics::Divergence::cross_entropy);
    groups.back().add(arma::log(arma::mat{{p, p}, {1 - p, 1 - p}}), q);
  }
  const auto d = statistics::decompose(groups, q, against_truth());
  const double h = (std::log(2) - 0.25 * std::log(0.25) - 0.75 * std::log(0.75)) / 2;
  expect_relative(d.noise, h, 1e-14);
  expect_relative(d.total.value, d.noise + d.bias2.value + d.variance.value, 1e-13);
  expect_relative(d.excess.value, d.bias2.value + d.variance.value, 1e-13);
  EXPECT_LT(d.identity_residual, 1e-14);
  double ratio = 0;  // the logit of the central prediction is the mean logit
  for (double p : {0.4, 0.6, 0.7}) ratio += std::log(p / (1 - p)) / 3;
  const double p = 1 / (1 + std::exp(-ratio));
  const double kl = (0.5 * std::log(0.5 / p) + 0.5 * std::log(0.5 / (1 - p)) +
                     0.25 * std::log(0.25 / p) + 0.75 * std::log(0.75 / (1 - p))) /
                    2;
  expect_relative(d.bias2_plugin, kl, 1e-12);
}

TEST(CrossEntropy, ScalesEveryQuantity) {
  statistics::DecompositionSettings half;
  half.scale = 0.5;
  const auto a = statistics::decompose(entropy_groups(), one_hot),
             b = statistics::decompose(entropy_groups(), one_hot, half);
  expect_relative(b.total.value, a.total.value / 2, 1e-13);
  expect_relative(b.bias2.value, a.bias2.value / 2, 1e-13);
  expect_relative(b.variance.value, a.variance.value / 2, 1e-13);
  expect_relative(b.variance.se, a.variance.se / 2, 1e-12);
  EXPECT_LT(b.identity_residual, 1e-14);
}

TEST(CrossEntropy, OfOneReplicateHasOnlyATotal) {
  const auto d = statistics::decompose(entropy_groups(1), one_hot);
  expect_only_value(d.total);
  expect_relative(d.total.value, -(std::log(0.7) + std::log(0.8)) / 2, 1e-13);
  expect_undefined(d.bias2);
  expect_undefined(d.variance);
  EXPECT_TRUE(std::isnan(d.variance_plugin));
  EXPECT_LT(d.identity_residual, 1e-14);
}

TEST(CrossEntropy, OfTwoReplicatesDoublesThePlugInVariance) {
  const auto d = statistics::decompose(entropy_groups(2), one_hot);
  expect_relative(d.variance.value, 2 * d.variance_plugin, 1e-12);
  expect_relative(d.bias2.value, d.total.value - d.variance.value, 1e-12);
  EXPECT_TRUE(std::isnan(d.variance.se));
  EXPECT_TRUE(std::isnan(d.bias2.se));
  EXPECT_TRUE(std::isfinite(d.total.se));
}

TEST(CrossEntropy, OfOneGroupHasOnlyPlugInValues) {
  auto groups = entropy_groups();
  auto all = groups[0];
  all.merge(groups[1]);
  all.merge(groups[2]);
  const auto d = statistics::decompose(std::vector{all}, one_hot);
  expect_relative(d.variance_plugin, 0.08646946622375645, 1e-10);
  expect_undefined(d.variance);
  expect_undefined(d.bias2);
  expect_only_value(d.total);
}

TEST(CrossEntropy, CountsWhatIsClippedAndStaysFinite) {
  auto groups = entropy_groups();
  const arma::mat certain{
      {0, -arma::datum::inf}, {-arma::datum::inf, 0}, {-arma::datum::inf, -arma::datum::inf}};
  groups[1] = statistics::Accumulator(statistics::Divergence::cross_entropy);
  groups[1].add(certain, one_hot);
  const auto d = statistics::decompose(groups, one_hot);
  EXPECT_EQ(d.clipped, 4u);
  EXPECT_TRUE(std::isfinite(d.bias2.value));
  EXPECT_LT(d.identity_residual, 1e-12);
}

}  // namespace
}  // namespace descent
