// SPDX-License-Identifier: MIT
// The contribution of a sample of test points to the standard errors.
#include <gtest/gtest.h>

#include <cmath>

#include "golden.h"

namespace descent {
namespace {

TEST(PointErrors, AreTheSpreadOfTheEstimatesAtEachPoint) {
  const auto d = statistics::decompose(squared_groups(one_each(4)), zeros);
  const arma::rowvec variance = arma::var(errors), mean = arma::mean(errors);
  const arma::rowvec bias2 = arma::square(mean) - variance / 4, total = bias2 + variance;
  expect_relative(d.se_points.variance, arma::stddev(variance) / std::sqrt(3), 1e-12);
  expect_relative(d.se_points.bias2, arma::stddev(bias2) / std::sqrt(3), 1e-12);
  expect_relative(d.se_points.total, arma::stddev(total) / std::sqrt(3), 1e-12);
}

// Of two points, half the difference. Against the truth the entropies of q are noise, not bias.
TEST(PointErrors, OfCrossEntropyAddUpAtEachPoint) {
  const arma::mat q{{.5, .2}, {.3, .7}, {.2, .1}};
  const std::vector<arma::mat> p{{{.7, .1}, {.2, .8}, {.1, .1}}, {{.5, .3}, {.25, .4}, {.25, .3}}};
  std::vector<statistics::Accumulator> groups;
  for (const auto& one : p) {
    groups.emplace_back(statistics::Divergence::cross_entropy);
    groups.back().add(arma::log(one), q);
  }
  const arma::mat l = (arma::log(p[0]) + arma::log(p[1])) / 2;
  const arma::rowvec total = -arma::sum(q % l, 0), entropy = -arma::sum(q % arma::log(q), 0);
  const arma::rowvec variance = -arma::log(arma::sum(arma::exp(l), 0));
  const auto half = [](const arma::rowvec& x) { return std::abs(x[0] - x[1]) / 2; };
  const auto truth = statistics::decompose(groups, q, against_truth()),
             labels = statistics::decompose(groups, q);
  expect_relative(labels.se_points.total, half(total), 1e-12);
  expect_relative(labels.se_points.variance, half(variance), 1e-12);
  expect_relative(labels.se_points.bias2, half(total - variance), 1e-12);
  expect_relative(truth.se_points.bias2, half(total - variance - entropy), 1e-12);
}

TEST(PointErrors, OfOnePointOrReplicateAreNotKnown) {
  EXPECT_TRUE(
      std::isnan(statistics::decompose(squared_groups(one_each(1), errors.rows(0, 0)), zeros)
                     .se_points.total));
  EXPECT_TRUE(
      std::isnan(statistics::decompose(squared_groups(one_each(4), errors.col(0)), zeros.col(0))
                     .se_points.bias2));
}

// Bishop's ridge regression, ln lambda = 2.6, 50 replicates at 200 random test points, against the
// mean over the whole interval: an interval that holds the points fixed misses far too often.
TEST(PointErrors, MakeIntervalsCoverForRandomTestPoints) {
  const auto dense = gaussian_basis(2.6);
  const auto truth = truth_of(dense);
  const auto basis = [](const arma::vec& x) {
    arma::mat features(x.n_elem, 25, arma::fill::ones);
    for (arma::uword k = 0; k < 24; ++k)
      features.col(k + 1) = arma::exp(-arma::square(x - static_cast<double>(k) / 23) / 0.02);
    return features;
  };
  int fixed = 0, two_way = 0;
  constexpr int trials = 200;
  for (std::uint64_t seed = 1; seed <= trials; ++seed) {
    Random random(seed, "test");
    arma::vec t(200);
    for (double& value : t) value = random.uniform();
    auto learner = dense;
    learner.hat = ridge_hat(basis(midpoints(25)), basis(t), std::exp(2.6) / 25);
    learner.f_test = arma::sin(2 * arma::datum::pi * t);
    const auto d = estimate(learner, seed, one_each(50));
    const double gap = std::abs(d.excess.value - truth.excess()), t49 = 2.0095752;
    fixed += gap <= t49 * d.total.se;
    two_way += gap <= t49 * std::hypot(d.total.se, d.se_points.total);
  }
  EXPECT_GE(two_way, 180);  // 95 % less three standard deviations
  EXPECT_LE(fixed, 172) << "86 %: 0.78 measured with 2000 trials, and four standard deviations";
}

}  // namespace
}  // namespace descent
