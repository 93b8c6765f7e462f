// SPDX-License-Identifier: MIT
// Learners with known bias and variance: first the closed form against independently computed
// digits, then the estimates from simulated replicates against the closed form.
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "support.h"

namespace descent {
namespace {

constexpr std::uint64_t truth_seed = 42;

void expect_ratio(double found, double exact, double most) {
  EXPECT_GE(found / exact, 0.7);
  EXPECT_LE(found / exact, most);
}

// Estimates within 3.5 reported standard errors; those within [0.7, 1.4] of the exact ones. Where
// the bias2 estimate is degenerate (its second-order term dominates), its standard error is itself
// as random as the estimate, and only the floor is promised.
void expect_agreement(const statistics::Decomposition& d, const Truth& truth, double noise) {
  EXPECT_LE(std::abs(d.bias2.value - truth.bias2), 3.5 * d.bias2.se);
  EXPECT_LE(std::abs(d.variance.value - truth.variance), 3.5 * d.variance.se);
  EXPECT_LE(std::abs(d.excess.value - truth.excess()), 3.5 * d.excess.se);
  EXPECT_LE(std::abs(d.total.value - truth.excess() - noise), 3.5 * d.total.se);
  const auto r = static_cast<double>(d.replicates);
  const bool degenerate = 4 * truth.sb < 2 * truth.s2 / (r - 1);
  expect_ratio(d.total.se, truth.se_total(r), 1.4);
  expect_ratio(d.variance.se, truth.se_variance(r), 1.4);
  expect_ratio(d.bias2.se, truth.se_bias2(r), degenerate ? 4 : 1.4);
  EXPECT_LT(d.identity_residual, 1e-12);
}

// Delete-one with 100 and 400 replicates, and 1000 in a hundred groups of ten.
void expect_estimates_agree(const LinearLearner& learner) {
  const auto truth = truth_of(learner);
  const double noise = learner.sigma * learner.sigma;
  for (const auto& ranges : {one_each(100), one_each(400), statistics::groups_of(1000)}) {
    SCOPED_TRACE(ranges.back().first + ranges.back().count);
    expect_agreement(estimate(learner, truth_seed, ranges), truth, noise);
  }
}

TEST(UnbiasedLine, HasTheKnownVarianceAndStandardErrors) {
  const auto truth = truth_of(unbiased_line());
  EXPECT_NEAR(truth.bias2, 0, 1e-24);
  expect_relative(truth.variance, 4.88260560912108e-4, 1e-10);
  expect_relative(truth.s2, 1.1919918788512235e-7, 1e-10);
  expect_relative(truth.se_variance(100), 4.907203278568806e-05, 1e-10);
  expect_relative(truth.se_bias2(100), 4.907203278568806e-06, 1e-10);
}

TEST(UnbiasedLine, IsEstimated) { expect_estimates_agree(unbiased_line()); }

TEST(UnbiasedLine, OfAHundredGroupsNamesTheMethod) {
  const auto d = estimate(unbiased_line(), truth_seed, statistics::groups_of(150));
  EXPECT_EQ(d.se_method, "group:100");
  EXPECT_EQ(d.df, 99);
  EXPECT_EQ(d.replicates, 150u);
  expect_agreement(d, truth_of(unbiased_line()), 0.0625);
}

// A learner without bias: about 63 % of the estimates of a prediction of rank 2 are negative.
TEST(UnbiasedLine, HasNegativeBiasEstimatesThatAreNotClipped) {
  int negative = 0;
  for (std::uint64_t s = 0; s < 100; ++s)
    negative += estimate(unbiased_line(), s, one_each(20)).bias2.value < 0;
  EXPECT_GE(negative, 45);
  EXPECT_LE(negative, 81);
}

TEST(ConstantModel, HasTheKnownBiasAndVariance) {
  const auto truth = truth_of(constant_model(1000));
  expect_relative(truth.bias2, 25.0 / 12 * (1 - 1e-6), 1e-10);  // midpoints fall short by 1/m^2
  expect_relative(truth.variance, 2.44140625e-4, 1e-10);
  EXPECT_NEAR(truth.sb, 0, 1e-20);
}

TEST(ConstantModel, IsEstimated) { expect_estimates_agree(constant_model(1000)); }

// With one direction of variance the jackknife falls below the floor where z^2 < 1/2: in 52 %.
TEST(ConstantModel, NeedsTheFloorUnderTheBiasErrorInHalfOfTheCases) {
  int floors = 0;
  for (std::uint64_t s = 0; s < 40; ++s) {
    const auto d = estimate(constant_model(100), s, one_each(100));
    const double least = d.variance.se / 10;
    if (d.floor_used)
      expect_relative(d.bias2.se, least, 1e-12);
    else
      EXPECT_GE(d.bias2.se, least);
    floors += d.floor_used;
  }
  EXPECT_GE(floors, 8);
  EXPECT_LE(floors, 33);
}

struct Row {
  double parameter, bias2, variance, excess;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.parameter; }

class SineRidge : public testing::TestWithParam<Row> {};

TEST_P(SineRidge, HasTheKnownBiasAndVariance) {
  const auto truth = truth_of(sine_ridge(GetParam().parameter));
  EXPECT_NEAR(truth.bias2, GetParam().bias2, 1e-7 * GetParam().bias2 + 1e-28);
  expect_relative(truth.variance, GetParam().variance, 1e-7);
  expect_relative(truth.excess(), GetParam().excess, 1e-7);
}

TEST_P(SineRidge, IsEstimated) { expect_estimates_agree(sine_ridge(GetParam().parameter)); }

INSTANTIATE_TEST_SUITE_P(Lambda, SineRidge,
                         testing::Values(Row{0, 0, .0611910165, .0611910165},
                                         Row{.004, .000394427677, .0602305456, .0606249733},
                                         Row{.01, .00241266494, .0588326534, .0612453183},
                                         Row{.1, .179114288, .0426749549, .221789243},
                                         Row{1, 3.15257752, .00705530685, 3.15963282},
                                         Row{10, 6.80920807, 1.48341291e-4, 6.80935641}));

class GaussianBasis : public testing::TestWithParam<Row> {};

TEST_P(GaussianBasis, HasTheKnownBiasAndVariance) {
  const auto truth = truth_of(gaussian_basis(GetParam().parameter));
  expect_relative(truth.bias2, GetParam().bias2, 1e-7);
  expect_relative(truth.variance, GetParam().variance, 1e-7);
  expect_relative(truth.excess(), GetParam().excess, 1e-7);
}

TEST_P(GaussianBasis, IsEstimated) { expect_estimates_agree(gaussian_basis(GetParam().parameter)); }

INSTANTIATE_TEST_SUITE_P(LnLambda, GaussianBasis,
                         testing::Values(Row{2.6, .0633241430, .00630655064, .0696306936},
                                         Row{-.31, .00141651706, .0198695391, .0212860561},
                                         Row{-2.4, .000303977969, .0274361110, .0277400890}));

TEST(GaussianBasisCurve, HasTheKnownMinimumOfBiasPlusVariance) {
  expect_relative(truth_of(gaussian_basis(.502834)).excess(), .0199159503, 1e-7);
}

TEST(StoppedDescent, HasTheKnownBiasAndVariance) {
  const auto early = truth_of(stopped_descent(0.1, 10));
  expect_relative(early.bias2, .7352089323651062, 1e-10);
  expect_relative(early.variance, .02671552365888642, 1e-10);
  expect_relative(early.sb, .004215838590527324, 1e-10);
  expect_relative(truth_of(stopped_descent(0.1, 39)).excess(), .05990741167838434, 1e-10);
}

TEST(StoppedDescent, IsBestAfterThirtyNineSteps) {
  const double best = truth_of(stopped_descent(0.1, 39)).excess();
  EXPECT_LT(best, truth_of(stopped_descent(0.1, 38)).excess());
  EXPECT_LT(best, truth_of(stopped_descent(0.1, 40)).excess());
}

TEST(StoppedDescent, IsEstimated) {
  for (int steps : {10, 39}) {
    SCOPED_TRACE(steps);
    expect_estimates_agree(stopped_descent(0.1, steps));
  }
}

struct Misses {
  int bias2 = 0, variance = 0, total = 0;
};

bool misses(const statistics::Estimate& e, double truth) { return truth < e.lo || truth > e.hi; }

Misses count_misses(const LinearLearner& learner,
                    const std::vector<statistics::ReplicateRange>& ranges) {
  const auto truth = truth_of(learner);
  Misses count;
  for (std::uint64_t s = 0; s < 40; ++s) {
    const auto d = estimate(learner, s, ranges);
    count.bias2 += misses(d.bias2, truth.bias2);
    count.variance += misses(d.variance, truth.variance);
    count.total += misses(d.total, truth.excess() + learner.sigma * learner.sigma);
  }
  return count;
}

// More than 6 misses of 40 have a probability of 0.0034 at 95 %.
TEST(Calibration, IntervalsMissSeldomAcrossMasterSeeds) {
  const std::vector<LinearLearner> learners{unbiased_line(),     constant_model(100),
                                            sine_ridge(0),       sine_ridge(0.1),
                                            gaussian_basis(2.6), gaussian_basis(-0.31)};
  for (std::size_t i = 0; i < learners.size(); ++i)
    for (const auto& ranges : {one_each(50), one_each(100), statistics::groups_of(200)}) {
      SCOPED_TRACE(testing::Message() << "learner " << i << ", " << ranges.size() << " groups");
      const auto count = count_misses(learners[i], ranges);
      EXPECT_LE(count.bias2, 6);
      EXPECT_LE(count.variance, 6);
      EXPECT_LE(count.total, 6);
    }
}

}  // namespace
}  // namespace descent
