// SPDX-License-Identifier: MIT
// Paired differences: of runs, and of decompositions by the jackknife; against values computed
// independently, and against their guarantees over many master seeds.
#include "statistics/difference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

#include "golden.h"
#include "statistics/multiplicity.h"

namespace descent {
namespace {

using Values = std::vector<double>;

// Differences 1, 2, 3, 6: mean 3, sd sqrt(14/3), t = 3/sqrt(14/12) = 2.7775 with 3 df.
TEST(PairedDifference, IsTheOneSampleTTestOfTheDifferences) {
  const auto d = statistics::paired_difference(Values{3, 5, 9, 7}, Values{2, 3, 6, 1}, .95);
  EXPECT_EQ(d.replicates, 4u);
  EXPECT_EQ(d.df, 3);
  EXPECT_NEAR(d.estimate.value, 3, 1e-15);
  EXPECT_NEAR(d.estimate.se, std::sqrt(7.0 / 6), 1e-15);
  EXPECT_NEAR(d.estimate.lo, 3 - 3.182446305284263 * d.estimate.se, 1e-12);
  EXPECT_NEAR(d.estimate.hi, 3 + 3.182446305284263 * d.estimate.se, 1e-12);
  // F(x) = 1/2 + (x/(sqrt3 (1 + x^2/3)) + atan(x/sqrt3))/pi for 3 degrees of freedom.
  const double t = 3 / d.estimate.se, s = std::sqrt(3.0);
  EXPECT_NEAR(d.p, 1 - 2 * (t / (s * (1 + t * t / 3)) + std::atan(t / s)) / M_PI, 1e-14);
  // Deviations (-3, -1, 3, 1) and (-1, 0, 3, -2): covariance 10/3, variances 20/3 and 14/3.
  EXPECT_NEAR(d.correlation, 10 / std::sqrt(20.0 * 14), 1e-14);
}

TEST(PairedDifference, OfIdenticalConfigurationsIsZeroAndCertain) {
  const auto d = statistics::paired_difference(Values{3, 5, 9}, Values{3, 5, 9}, .95);
  EXPECT_EQ(d.estimate.value, 0);
  EXPECT_EQ(d.estimate.lo, 0);
  EXPECT_EQ(d.estimate.hi, 0);
  EXPECT_EQ(d.p, 1);
  EXPECT_NEAR(d.correlation, 1, 1e-15);
}

// Differences 1, 2, 3, 6: s^2 = 14/3, and a variance of s^2 (1/4 + 1/4) where the test part is a
// quarter of the training part.
TEST(PairedDifference, OfSplitsAddsWhatSharedSamplesHide) {
  const auto d = statistics::paired_difference(Values{3, 5, 9, 7}, Values{2, 3, 6, 1}, .95);
  const auto of_splits = statistics::of_splits(d, 0.25, .95);
  EXPECT_EQ(of_splits.estimate.value, 3);
  EXPECT_NEAR(of_splits.estimate.se, std::sqrt(14.0 / 3 / 2), 1e-14);
  EXPECT_NEAR(of_splits.estimate.hi, 3 + 3.182446305284263 * of_splits.estimate.se, 1e-12);
  EXPECT_EQ(of_splits.df, 3);
  const double t = 3 / of_splits.estimate.se, s = std::sqrt(3.0);
  EXPECT_NEAR(of_splits.p, 1 - 2 * (t / (s * (1 + t * t / 3)) + std::atan(t / s)) / M_PI, 1e-14);
  const auto equal = statistics::paired_difference(Values{.9, .7, .3}, Values{.8, .6, .2}, .95);
  EXPECT_EQ(statistics::of_splits(equal, 0.25, .95).p, equal.p) << "they differ by rounding";
  const auto one = statistics::paired_difference(Values{1}, Values{2}, .95);
  EXPECT_TRUE(std::isnan(statistics::of_splits(one, 0.25, .95).p));
}

// Two columns of 50 independent values, each predicted by its mean: the losses are equal in the
// population. Of 20 random splits of one sample, 4 : 1, the t test finds a difference in about 43 %
// of all samples.
TEST(PairedDifference, OfSplitsRaisesFewFalseAlarms) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  constexpr int calls = 1000, samples = 50, test = 10, splits = 20;
  int alarms = 0, of_replicates = 0;
  for (int call = 0; call < calls; ++call) {
    std::array<std::array<double, samples>, 2> columns;
    for (auto& column : columns)
      for (double& value : column) value = normal(random);
    std::array<int, samples> order;
    std::iota(order.begin(), order.end(), 0);
    std::array<Values, 2> losses;
    for (int split = 0; split < splits; ++split) {
      std::ranges::shuffle(order, random);
      for (const int k : {0, 1}) {
        double mean = 0, loss = 0;
        for (int i = test; i < samples; ++i) mean += columns[k][order[i]] / (samples - test);
        for (int i = 0; i < test; ++i) loss += std::pow(columns[k][order[i]] - mean, 2) / test;
        losses[k].push_back(loss);
      }
    }
    const auto d = statistics::paired_difference(losses[0], losses[1], .95);
    of_replicates += d.p <= 0.05;
    alarms += statistics::of_splits(d, double(test) / (samples - test), .95).p <= 0.05;
  }
  // 5 % expected; 4 standard errors of a share of 1000 are 2.8 %.
  EXPECT_LE(alarms, calls * 78 / 1000);
  EXPECT_GE(alarms, calls * 22 / 1000);
  EXPECT_GE(of_replicates, calls * 35 / 100);
}

// Of R differences of one sign, chance gives 2 in 2^R: equal ones say no more than that.
TEST(PairedDifference, ThatNeverVariesIsNoMoreCertainThanItsSigns) {
  const auto d = statistics::paired_difference(Values{3, 5, 9}, Values{2, 4, 8}, .95);
  EXPECT_EQ(d.estimate.se, 0);
  EXPECT_EQ(d.estimate.lo, 1);
  EXPECT_EQ(d.estimate.hi, 1);
  EXPECT_EQ(d.p, .25);
  EXPECT_EQ(statistics::paired_difference(Values{1, 1}, Values{.5, .5}, .95).p, .5);
}

// 0.9 - 0.8, 0.7 - 0.6 and 0.3 - 0.2 are accuracies that differ by one in ten samples each time,
// but for the last bits. So do losses that were computed in single precision.
TEST(PairedDifference, ThatVariesByRoundingIsNoMoreCertainThanItsSigns) {
  const auto d = statistics::paired_difference(Values{.9, .7, .3}, Values{.8, .6, .2}, .95);
  EXPECT_LT(d.estimate.se, 1e-15);
  EXPECT_EQ(d.p, .25);
  const auto f = statistics::paired_difference(Values{.3f + .1f, .7f + .1f, 5.f + .1f},
                                               Values{.3f, .7f, 5.f}, .95);
  EXPECT_GT(f.estimate.se, 0);
  EXPECT_GE(f.p, .25);
  EXPECT_GT(statistics::paired_difference(Values(2000, 1), Values(2000, 0), .95).p, 0);
}

// A discrete metric: three replicates differ by the same amount in a quarter of all seeds though
// nothing distinguishes the two sides. None may be called different at 5 %.
TEST(PairedDifference, OfThreeDiscreteValuesRaisesNoFalseAlarm) {
  int alarms = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed, "accuracy");
    Values a, b;
    for (int r = 0; r < 3; ++r) {
      a.push_back(double(random.below(2)) / 10);
      b.push_back(double(random.below(2)) / 10);
    }
    alarms += statistics::paired_difference(a, b, .95).p <= .05;
  }
  EXPECT_EQ(alarms, 0);
}

TEST(PairedDifference, HasNoCorrelationWhereOneDoesNotVary) {
  const auto d = statistics::paired_difference(Values{3, 5, 9}, Values{2, 2, 2}, .95);
  EXPECT_TRUE(std::isnan(d.correlation));
  EXPECT_GT(d.p, 0);
}

TEST(PairedDifference, OfOnePairIsOnlyAValue) {
  const auto d = statistics::paired_difference(Values{3}, Values{2}, .95);
  EXPECT_EQ(d.estimate.value, 1);
  for (double value : {d.estimate.se, d.estimate.lo, d.estimate.hi, d.p, d.df, d.correlation})
    EXPECT_TRUE(std::isnan(value));
}

TEST(PairedDifference, OfNoPairIsNothing) {
  const auto d = statistics::paired_difference({}, {}, .95);
  EXPECT_EQ(d.replicates, 0u);
  expect_undefined(d.estimate);
  EXPECT_TRUE(std::isnan(d.p));
}

const arma::mat other_errors{{.9, -.4, 1.6}, {.45, 0, .8}, {1.2, -.85, 1.3}, {.05, .4, 1.9}};

statistics::Decomposition of(const arma::mat& rows,
                             const std::vector<statistics::ReplicateRange>& ranges = one_each(4)) {
  const arma::mat target(1, rows.n_cols, arma::fill::zeros);
  return statistics::decompose(squared_groups(ranges, rows), target, against_truth(0));
}

TEST(PairedDecomposition, HasTheGoldenDifferencesAndErrors) {
  const auto d =
      statistics::paired_decomposition(of(errors).without, of(other_errors).without, 4, false, .95);
  ASSERT_TRUE(d);
  expect_relative(d->total.estimate.value, .5418750000000002, 1e-10);
  expect_relative(d->bias2.estimate.value, .3793055555555557, 1e-10);
  expect_relative(d->variance.estimate.value, .16256944444444443, 1e-10);
  expect_relative(d->total.estimate.se, .15832871886550665, 1e-10);
  expect_relative(d->bias2.estimate.se, .12503170894113477, 1e-10);
  expect_relative(d->variance.estimate.se, .0940642111017, 1e-10);
  EXPECT_EQ(d->total.df, 3);
  EXPECT_EQ(d->total.replicates, 4u);
  // Independent, the standard error of the total would be .4546235437710258.
  const double a = of(errors).total.se, b = of(other_errors).total.se;
  expect_relative(std::hypot(a, b), .4546235437710258, 1e-10);
  expect_relative(d->total.correlation,
                  (a * a + b * b - .15832871886550665 * .15832871886550665) / (2 * a * b), 1e-9);
}

TEST(PairedDecomposition, OfTheTotalIsThePairedDifferenceOfTheLosses) {
  const Values a{5.25 / 3, 1.25 / 3, 5.5 / 3, 6.5 / 3};
  Values b;
  for (arma::uword r = 0; r < 4; ++r)
    b.push_back(arma::accu(arma::square(other_errors.row(r))) / 3);
  const auto runs = statistics::paired_difference(a, b, .95);
  const auto d =
      statistics::paired_decomposition(of(errors).without, of(other_errors).without, 4, false, .95);
  expect_close(d->total.estimate, runs.estimate, 1e-12);
  expect_relative(d->total.p, runs.p, 1e-12);
  expect_relative(d->total.correlation, runs.correlation, 1e-12);
}

TEST(PairedDecomposition, OfIdenticalConfigurationsIsZeroAndCertain) {
  const auto d =
      statistics::paired_decomposition(of(errors).without, of(errors).without, 4, false, .95);
  for (const auto* one : {&d->total, &d->bias2, &d->variance}) {
    EXPECT_EQ(one->estimate.value, 0);
    EXPECT_EQ(one->estimate.hi, 0);
    EXPECT_EQ(one->p, 1);
  }
}

TEST(PairedDecomposition, NeedsTheSameGroups) {
  EXPECT_FALSE(statistics::paired_decomposition(
      of(errors).without, of(errors, statistics::groups_of(4, 2)).without, 4, false, .95));
  EXPECT_FALSE(statistics::paired_decomposition({}, {}, 4, false, .95));
}

TEST(PairedDecomposition, OfTwoReplicatesHasErrorsOfTheTotalOnly) {
  const arma::mat first = errors.rows(0, 1), second = other_errors.rows(0, 1);
  const auto d = statistics::paired_decomposition(of(first, one_each(2)).without,
                                                  of(second, one_each(2)).without, 2, false, .95);
  EXPECT_GT(d->total.estimate.se, 0);
  EXPECT_TRUE(std::isnan(d->bias2.estimate.se));
  EXPECT_TRUE(std::isnan(d->variance.estimate.se));
  EXPECT_TRUE(std::isnan(d->variance.p));
}

// Of cross-entropy the difference is that of the corrected estimates.
TEST(PairedDecomposition, OfCrossEntropyIsTheDifferenceOfTheReportedEstimates) {
  auto tempered = entropy_groups();
  const auto a = statistics::decompose(entropy_groups(), one_hot);
  std::vector<statistics::Accumulator> groups;
  for (const auto& p : std::vector<arma::mat>{{{.6, .2}, {.3, .6}, {.1, .2}},
                                              {{.5, .3}, {.3, .3}, {.2, .4}},
                                              {{.3, .3}, {.4, .4}, {.3, .3}}}) {
    groups.emplace_back(statistics::Divergence::cross_entropy);
    groups.back().add(arma::log(p), one_hot);
  }
  const auto b = statistics::decompose(groups, one_hot);
  const auto d = statistics::paired_decomposition(a.without, b.without, 3, true, .95);
  expect_relative(d->total.estimate.value, a.total.value - b.total.value, 1e-12);
  expect_relative(d->bias2.estimate.value, a.bias2.value - b.bias2.value, 1e-10);
  expect_relative(d->variance.estimate.value, a.variance.value - b.variance.value, 1e-10);
}

// The total is a mean over replicates, so each left-out part gives back the losses of a replicate.
TEST(PairedDecomposition, HasTheDifferencesOfTheLossesOfEachReplicate) {
  const auto differences =
      statistics::total_differences(of(errors).without, of(other_errors).without, 4);
  ASSERT_EQ(differences.size(), 4u);
  for (arma::uword r = 0; r < 4; ++r)
    EXPECT_NEAR(
        differences[r],
        (arma::accu(arma::square(errors.row(r))) - arma::accu(arma::square(other_errors.row(r)))) /
            3,
        1e-12);
}

TEST(LargestShare, IsOfTheSumOfAbsoluteValues) {
  EXPECT_EQ(statistics::largest_share(Values{1, -2, 3, -6}), .5);
}

// Two points of each side, four points in groups of one; differences 1, 2, 3, 6 as above: the error
// of their mean is sqrt(7/6).
TEST(PairedPointErrors, AreThoseOfTheMeanOverTestPoints) {
  std::vector<statistics::PointGroup> a, b;
  for (const auto& [x, y] : {std::pair{3., 2.}, {5., 3.}, {9., 6.}, {7., 1.}}) {
    a.push_back({1, x, 0, x});
    b.push_back({1, y, 0, y});
  }
  const auto e = statistics::paired_point_errors(a, b);
  expect_relative(e.total, std::sqrt(7. / 6), 1e-14);
  expect_relative(e.variance, std::sqrt(7. / 6), 1e-14);
  EXPECT_EQ(e.bias2, 0);
  a.pop_back();
  EXPECT_TRUE(std::isnan(statistics::paired_point_errors(a, b).total));
}

// Two configurations that are equally good in the population: at each test point one is better by
// chance. Against these test points the difference is real, for the population it is a false alarm.
TEST(PopulationSlow, RaisesAsFewFalseAlarmsAsItSays) {
  constexpr int seeds = 500;
  constexpr arma::uword points = 50, replicates = 100;
  int alarms = 0, of_replicates = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Random random(seed, "population");
    const arma::mat target(1, points, arma::fill::zeros);
    arma::mat bias_a(1, points), bias_b(1, points);
    for (double& b : bias_a) b = random.normal(0, .4);
    for (double& b : bias_b) b = random.normal(0, .4);
    std::vector<statistics::Accumulator> a, b;
    for (arma::uword r = 0; r < replicates; ++r) {
      arma::mat shared(1, points);
      for (double& e : shared) e = random.normal();
      const double own_a = random.normal(0, .3), own_b = random.normal(0, .3);
      a.emplace_back(statistics::Divergence::squared_error);
      a.back().add(bias_a + shared + own_a, target);
      b.emplace_back(statistics::Divergence::squared_error);
      b.back().add(bias_b + shared + own_b, target);
    }
    const auto x = statistics::decompose(a, target, against_truth(0));
    const auto y = statistics::decompose(b, target, against_truth(0));
    const auto d = statistics::paired_decomposition(x.without, y.without, replicates, false, .95);
    const auto se = statistics::paired_point_errors(x.point_groups, y.point_groups);
    of_replicates += d->total.p <= .05;
    alarms += statistics::of_population(d->total, se.total, x.point_groups.size(), .95).p <= .05;
  }
  std::cout << "false alarms of " << seeds << ": over replicates " << of_replicates
            << ", over both " << alarms << "\n";
  EXPECT_LE(alarms, .05 * seeds + 3.5 * std::sqrt(seeds * .05 * .95));
  EXPECT_GE(alarms, .01 * seeds) << "it does reject";
  EXPECT_GT(of_replicates, .1 * seeds) << "the error over replicates alone does not do";
}

// Ridge with lambda .004 against least squares on the same draws.
statistics::DecompositionDifference ridge_less_ols(std::uint64_t seed, std::uint64_t replicates) {
  const auto ranges = statistics::groups_of(replicates);
  const auto a = estimate(sine_ridge(.004), seed, ranges),
             b = estimate(sine_ridge(0), seed, ranges);
  return statistics::paired_decomposition(a.without, b.without, replicates, false, .95).value();
}

constexpr double exact_total = -.0005660431854609266, exact_bias2 = .0003944276766448592,
                 exact_variance = -.0009604708621057875;

void expect_near_truth(const statistics::Estimate& e, double truth) {
  EXPECT_LE(std::abs(e.value - truth), 3.5 * e.se);
}

TEST(RidgeLessLeastSquares, HasTheKnownDifferences) {
  for (const std::uint64_t replicates : {100u, 400u, 1000u}) {
    const auto d = ridge_less_ols(1, replicates);
    expect_near_truth(d.total.estimate, exact_total);
    expect_near_truth(d.bias2.estimate, exact_bias2);
    expect_near_truth(d.variance.estimate, exact_variance);
  }
}

TEST(RidgeLessLeastSquares, HasTheKnownPairedErrors) {
  const auto d = ridge_less_ols(1, 100);
  for (const auto& [found, exact] : {std::pair{d.total.estimate.se, .0004382461622035696},
                                     std::pair{d.bias2.estimate.se, .0004327895676519464},
                                     std::pair{d.variance.estimate.se, 6.379547535815182e-05}}) {
    EXPECT_GE(found / exact, .7);
    EXPECT_LE(found / exact, 1.4);
  }
  EXPECT_GT(d.total.correlation, .99);
}

// Exactly .0054812 / .00043825 = 12.507 as far: 156 times the replicates.
TEST(RidgeLessLeastSquares, PairsSaveManyReplicates) {
  double independent = 0, paired = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto ranges = statistics::groups_of(100);
    const double a = estimate(sine_ridge(.004), seed, ranges).total.se;
    const double b = estimate(sine_ridge(0), seed, ranges).total.se;
    const double se = ridge_less_ols(seed, 100).total.estimate.se;
    independent += a * a + b * b;
    paired += se * se;
  }
  EXPECT_NEAR(std::sqrt(independent / paired), 12.507, 1);
}

// More than 6 misses of 40 have a probability of 0.0034 at 95 %.
TEST(RidgeLessLeastSquares, IntervalsMissSeldomAcrossMasterSeeds) {
  int total = 0, bias2 = 0, variance = 0;
  const auto misses = [](const statistics::Estimate& e, double truth) {
    return truth < e.lo || truth > e.hi;
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto d = ridge_less_ols(seed, 100);
    total += misses(d.total.estimate, exact_total);
    bias2 += misses(d.bias2.estimate, exact_bias2);
    variance += misses(d.variance.estimate, exact_variance);
  }
  EXPECT_LE(total, 6);
  EXPECT_LE(bias2, 6);
  EXPECT_LE(variance, 6);
}

// Losses of equal configurations on common draws: a shared part and an individual one.
std::vector<Values> equal_configurations(std::uint64_t seed, std::size_t points, std::size_t n) {
  std::vector<Values> losses(points, Values(n));
  for (std::size_t r = 0; r < n; ++r) {
    Random random(seed, "test", r);
    const double shared = random.normal(1, 1);
    for (auto& loss : losses) loss[r] = shared + random.normal(0, .3);
  }
  return losses;
}

TEST(PairedCalibration, IntervalsCoverAsOftenAsTheySay) {
  constexpr int trials = 4000;
  int covered = 0;
  for (std::uint64_t seed = 0; seed < trials; ++seed) {
    const auto losses = equal_configurations(seed, 2, 10);
    const auto d = statistics::paired_difference(losses[0], losses[1], .95).estimate;
    covered += d.lo <= 0 && 0 <= d.hi;
  }
  const double allowance = 3.5 * std::sqrt(trials * .95 * .05);
  EXPECT_NEAR(covered, .95 * trials, allowance);
}

// A family is wrong when any of its nine comparisons with the first point is flagged. Each by
// itself, they would be wrong in a third of the seeds.
TEST(PairedCalibration, HolmFlagsEqualConfigurationsInAtMostFivePercentOfMasterSeeds) {
  constexpr int seeds = 1000;
  int holm_wrong = 0, each_wrong = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto losses = equal_configurations(seed, 10, 20);
    Values p;
    for (std::size_t i = 1; i < losses.size(); ++i)
      p.push_back(statistics::paired_difference(losses[i], losses[0], .95).p);
    holm_wrong += std::ranges::min(statistics::holm(p)) <= .05;
    each_wrong += std::ranges::min(p) <= .05;
  }
  EXPECT_LE(holm_wrong, .05 * seeds + 3 * std::sqrt(seeds * .05 * .95));
  EXPECT_GE(holm_wrong, .01 * seeds) << "it does reject";
  EXPECT_GE(each_wrong, .15 * seeds);
}

}  // namespace
}  // namespace descent
