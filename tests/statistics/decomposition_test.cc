// SPDX-License-Identifier: MIT
// Properties of the decomposition of both divergences.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "golden.h"

namespace descent {
namespace {

TEST(Decompose, NoticesTargetsThatWereNotAccumulatedAgainst) {
  const auto d = statistics::decompose(entropy_groups(), arma::mat{{0, 1}, {1, 0}, {0, 0}});
  EXPECT_GT(d.identity_residual, 1e-3);
}

TEST(Decompose, LeavesEmptyGroupsOut) {
  auto groups = squared_groups({{0, 1}, {1, 0}, {1, 1}, {2, 1}, {3, 0}, {3, 1}});
  const auto d = statistics::decompose(groups, zeros),
             plain = statistics::decompose(squared_groups(one_each(4)), zeros);
  EXPECT_EQ(d.groups, 4u);
  EXPECT_EQ(d.bias2.value, plain.bias2.value);
  EXPECT_EQ(d.variance.se, plain.variance.se);
}

TEST(Decompose, OfEmptyGroupsIsUndefined) {
  const auto d = statistics::decompose(squared_groups({{0, 0}, {0, 0}}), zeros);
  EXPECT_EQ(d.replicates, 0u);
  expect_undefined(d.total);
  EXPECT_TRUE(std::isnan(d.df));
}

TEST(Decompose, DoesNotDependOnTheOrderOfGroupsBeyondRounding) {
  const auto d = statistics::decompose(squared_groups({{0, 1}, {1, 1}, {2, 1}, {3, 1}}), zeros);
  const auto e = statistics::decompose(squared_groups({{3, 1}, {1, 1}, {0, 1}, {2, 1}}), zeros);
  expect_close(e.total, d.total, 1e-12);
  expect_close(e.bias2, d.bias2, 1e-12);
  expect_close(e.variance, d.variance, 1e-12);
}

TEST(Decompose, IsTheSameAfterTheBytes) {
  auto groups = entropy_groups();
  const auto d = statistics::decompose(groups, one_hot);
  for (auto& group : groups) group = statistics::Accumulator::deserialize(group.serialize());
  const auto e = statistics::decompose(groups, one_hot);
  EXPECT_EQ(d.bias2.value, e.bias2.value);
  EXPECT_EQ(d.variance.hi, e.variance.hi);
}

TEST(Decompose, RefusesTargetsOfAnotherShape) {
  EXPECT_THROW(statistics::decompose(squared_groups(one_each(4)), arma::zeros(1, 4)), Error);
  EXPECT_THROW(statistics::decompose(std::vector<statistics::Accumulator>(), zeros), Error);
}

TEST(Decompose, PassesANaNOn) {
  auto groups = squared_groups(one_each(4));
  groups[2].add(arma::mat{{1, arma::datum::nan, 1}}, zeros);
  const auto d = statistics::decompose(groups, zeros);
  expect_undefined(d.total);
  expect_undefined(d.bias2);
  expect_undefined(d.variance);
}

TEST(MeanEntropy, IsZeroForLabelsAndLogTwoForCoins) {
  EXPECT_EQ(statistics::mean_entropy(one_hot), 0);
  EXPECT_DOUBLE_EQ(statistics::mean_entropy(arma::mat(2, 3, arma::fill::value(0.5))), std::log(2));
}

}  // namespace
}  // namespace descent
