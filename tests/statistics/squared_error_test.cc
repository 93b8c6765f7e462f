// SPDX-License-Identifier: MIT
// The decomposition of squared error on known numbers, and where parts of it are not defined.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "golden.h"

namespace descent {
namespace {

TEST(SquaredError, GivesTheGoldenValues) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros);
  expect_relative(d.total.value, 37.0 / 24, 1e-12);
  expect_relative(d.bias2_plugin, 59.0 / 48, 1e-12);
  expect_relative(d.variance_plugin, 5.0 / 16, 1e-12);
  expect_relative(d.variance.value, 5.0 / 12, 1e-12);
  expect_relative(d.bias2.value, 9.0 / 8, 1e-12);
  expect_relative(d.total.se, 0.3856512049143006, 1e-10);
  expect_relative(d.variance.se, 0.2151657414559676, 1e-10);
  expect_relative(d.bias2.se, 0.3477773340430254, 1e-10);
  EXPECT_FALSE(d.floor_used);
  EXPECT_LT(d.identity_residual, 1e-14);
}

TEST(SquaredError, DescribesHowItWasEstimated) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros);
  EXPECT_EQ(d.replicates, 4u);
  EXPECT_EQ(d.groups, 4u);
  EXPECT_EQ(d.df, 3);
  EXPECT_EQ(d.ci_level, 0.95);
  EXPECT_EQ(d.se_method, "jackknife");
  EXPECT_DOUBLE_EQ(d.max_replicate_share, 6.5 / 18.5);
  EXPECT_TRUE(std::isnan(d.clip_eps));
}

// The bounds of bias2 are the roots in B of (value - B)^2 = t^2 (c B + s0^2), s0 = se(variance)/2;
// those of the total combine both intervals. Worked out in NumPy from the four replicates, deleting
// each.
TEST(SquaredError, HasIntervalsThatAreNotSymmetric) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros);
  const double t = 3.182446305284263;
  expect_relative(d.bias2.lo, 0.40399968099771966, 1e-10);
  expect_relative(d.bias2.hi, 2.8425843950746197, 1e-10);
  expect_relative(d.total.lo, 0.7461694250984382, 1e-10);
  expect_relative(d.total.hi, 3.9856416140929447, 1e-10);
  expect_relative(d.variance.hi, d.variance.value * std::exp(t * d.variance.se / d.variance.value),
                  1e-10);
  expect_relative(d.variance.lo * d.variance.hi, d.variance.value * d.variance.value, 1e-12);
}

TEST(SquaredError, AgreesWithDeletingEveryGroupByHand) {
  const std::vector<statistics::ReplicateRange> ranges{{0, 2}, {2, 3}, {5, 2}, {7, 5}};
  Random random(3, "test");
  arma::mat e(12, 7);
  for (double& value : e) value = random.normal(0.5, 1);
  const auto groups = squared_groups(ranges, e);
  const arma::mat target(1, 7, arma::fill::zeros);
  const auto d = statistics::decompose(groups, target);
  EXPECT_EQ(d.se_method, "group:4");
  double sum_bias2 = 0, sum_variance = 0, bias2_center = 0, variance_center = 0;
  std::vector<double> bias2, variance, h;
  for (std::size_t g = 0; g < 4; ++g) {
    auto rest = groups;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(g));
    const auto without = statistics::decompose(rest, target);
    h.push_back(12.0 / static_cast<double>(ranges[g].count));
    bias2.push_back(h[g] * d.bias2.value - (h[g] - 1) * without.bias2.value);
    variance.push_back(h[g] * d.variance.value - (h[g] - 1) * without.variance.value);
    bias2_center += bias2[g] / h[g];
    variance_center += variance[g] / h[g];
  }
  for (std::size_t g = 0; g < 4; ++g) {
    sum_bias2 += std::pow(bias2[g] - bias2_center, 2) / (h[g] - 1) / 4;
    sum_variance += std::pow(variance[g] - variance_center, 2) / (h[g] - 1) / 4;
  }
  expect_relative(d.variance.se, std::sqrt(sum_variance), 1e-10);
  expect_relative(d.bias2.se,
                  std::max(std::sqrt(sum_bias2), std::sqrt(sum_variance) / std::sqrt(12)), 1e-10);
}

TEST(SquaredError, AgainstTheTruthSeparatesNoiseFromBias) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros, against_truth(0.25));
  EXPECT_FALSE(d.bias_includes_noise);
  EXPECT_EQ(d.noise, 0.25);
  expect_relative(d.excess.value, 37.0 / 24, 1e-12);
  expect_relative(d.total.value, 37.0 / 24 + 0.25, 1e-12);
  expect_relative(d.bias2.value, 9.0 / 8, 1e-12);
  EXPECT_EQ(d.total.se, d.excess.se);
}

TEST(SquaredError, AgainstTheTruthWithUnknownNoiseHasNoTotal) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros, against_truth());
  expect_undefined(d.total);
  EXPECT_TRUE(std::isnan(d.noise));
  EXPECT_FALSE(d.bias_includes_noise);
  expect_relative(d.excess.value, 37.0 / 24, 1e-12);
}

TEST(SquaredError, AgainstLabelsHasNoNoiseAndNoExcess) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros);
  EXPECT_TRUE(d.bias_includes_noise);
  EXPECT_TRUE(std::isnan(d.noise));
  expect_undefined(d.excess);
  expect_relative(d.total.value, d.bias2.value + d.variance.value, 1e-14);
}

TEST(SquaredError, AddsOverOutputsTimesTheScale) {
  std::vector<statistics::Accumulator> twice;
  for (arma::uword r = 0; r < 4; ++r) {
    twice.emplace_back(statistics::Divergence::squared_error);
    twice.back().add(arma::join_cols(errors.row(r), errors.row(r)), arma::zeros(2, 3));
  }
  const auto single = statistics::decompose(squared_groups(one_each(4)), zeros);
  const auto summed = statistics::decompose(twice, arma::zeros(2, 3));
  expect_relative(summed.total.value, 2 * single.total.value, 1e-14);
  expect_relative(summed.bias2.se, 2 * single.bias2.se, 1e-14);
  statistics::DecompositionSettings halved;
  halved.scale = 0.5;
  const auto averaged = statistics::decompose(twice, arma::zeros(2, 3), halved);
  expect_close(averaged.total, single.total, 1e-12);
  expect_close(averaged.bias2, single.bias2, 1e-12);
  expect_close(averaged.variance, single.variance, 1e-12);
  EXPECT_NEAR(averaged.bias2_plugin, single.bias2_plugin, 1e-14);
}

TEST(SquaredError, OfOneReplicateHasOnlyATotal) {
  const auto d = statistics::decompose(squared_groups(one_each(1)), zeros, against_truth(0.5));
  expect_only_value(d.total);
  expect_only_value(d.excess);
  EXPECT_DOUBLE_EQ(d.total.value, 0.5 + 5.25 / 3);
  expect_undefined(d.bias2);
  expect_undefined(d.variance);
  EXPECT_TRUE(std::isnan(d.bias2_plugin));
  EXPECT_TRUE(std::isnan(d.variance_plugin));
  EXPECT_EQ(d.df, 0);
  EXPECT_EQ(d.se_method, "jackknife");
}

TEST(SquaredError, OfTwoReplicatesHasValuesButOnlyTheTotalsError) {
  const auto d = statistics::decompose(squared_groups(one_each(2)), zeros);
  expect_only_value(d.bias2);
  expect_only_value(d.variance);
  EXPECT_DOUBLE_EQ(d.variance.value, (0.125 + 0.125 + 0.5) / 3);
  expect_relative(d.total.se, (5.25 - 1.25) / 3 / 2, 1e-12);
  EXPECT_FALSE(d.floor_used);
}

TEST(SquaredError, OfOneGroupOfManyHasValuesWithoutErrors) {
  const auto d = statistics::decompose(squared_groups({{0, 4}}), zeros);
  expect_only_value(d.total);
  expect_only_value(d.bias2);
  expect_only_value(d.variance);
  expect_relative(d.bias2.value, 9.0 / 8, 1e-12);
}

TEST(SquaredError, OfEqualReplicatesHasNoVarianceAndNoError) {
  const arma::mat same = arma::repmat(errors.row(0), 4, 1);
  const auto d = statistics::decompose(squared_groups(one_each(4), same), zeros);
  EXPECT_EQ(d.variance.value, 0);
  EXPECT_EQ(d.variance.hi, 0);
  EXPECT_EQ(d.bias2.value, 1.75);
  EXPECT_NEAR(d.bias2.se, 0, 1e-15);
}

TEST(SquaredError, OfPerfectReplicatesIsZero) {
  const auto d = statistics::decompose(squared_groups(one_each(4), arma::zeros(4, 3)), zeros);
  EXPECT_EQ(d.total.value, 0);
  EXPECT_EQ(d.identity_residual, 0);
  EXPECT_TRUE(std::isnan(d.max_replicate_share));
}

}  // namespace
}  // namespace descent
