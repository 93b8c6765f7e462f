// SPDX-License-Identifier: MIT
// Learners with bias and variance known in closed form: predictions linear in the targets of
// a fixed design, y = f + noise. Solved directly, so that only the statistics are under test.
#pragma once

#include <gtest/gtest.h>

#include <armadillo>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "statistics/accumulator.h"
#include "statistics/decomposition.h"
#include "statistics/groups.h"

namespace descent {

struct LinearLearner {
  arma::mat hat;        // m x n: predictions = hat * y
  arma::vec f, f_test;  // the truth at the training and at the test points
  double sigma;
};

struct Truth {
  double bias2, variance, sb, s2;

  double excess() const { return bias2 + variance; }
  // Exact for Gaussian predictions: sb = b' S b / m^2, s2 = tr(S^2) / m^2.
  double se_total(double r) const { return std::sqrt((4 * sb + 2 * s2) / r); }
  double se_variance(double r) const { return std::sqrt(2 * s2 / (r - 1)); }
  double se_bias2(double r) const { return std::sqrt(4 * sb / r + 2 * s2 / (r * (r - 1))); }
};

inline Truth truth_of(const LinearLearner& learner) {
  const arma::vec b = learner.hat * learner.f - learner.f_test;
  const arma::mat s = learner.sigma * learner.sigma * learner.hat * learner.hat.t();
  const auto m = static_cast<double>(b.n_elem);
  return {arma::dot(b, b) / m, arma::trace(s) / m, arma::dot(b, s * b) / (m * m),
          arma::accu(arma::square(s)) / (m * m)};
}

inline arma::mat predict(const LinearLearner& learner, std::uint64_t seed,
                         std::uint64_t replicate) {
  Random random(seed, "data", replicate);
  arma::vec y = learner.f;
  for (double& value : y) value += random.normal(0, learner.sigma);
  return (learner.hat * y).t();
}

// One accumulator a range of replicates, as the workers fill them.
inline std::vector<statistics::Accumulator> simulate(
    const LinearLearner& learner, std::uint64_t seed,
    const std::vector<statistics::ReplicateRange>& ranges) {
  const arma::mat target = learner.f_test.t();
  std::vector<statistics::Accumulator> groups;
  for (const auto& range : ranges) {
    statistics::Accumulator group(statistics::Divergence::squared_error);
    for (auto r = range.first; r < range.first + range.count; ++r)
      group.add(predict(learner, seed, r), target);
    groups.push_back(group);
  }
  return groups;
}

inline std::vector<statistics::ReplicateRange> one_each(std::uint64_t replicates) {
  std::vector<statistics::ReplicateRange> ranges;
  for (std::uint64_t r = 0; r < replicates; ++r) ranges.push_back({r, 1});
  return ranges;
}

inline statistics::Decomposition estimate(const LinearLearner& learner, std::uint64_t seed,
                                          const std::vector<statistics::ReplicateRange>& ranges) {
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  settings.noise = learner.sigma * learner.sigma;
  return statistics::decompose(simulate(learner, seed, ranges), learner.f_test.t(), settings);
}

// (i - 1/2)/n, i = 1 .. n.
inline arma::vec midpoints(arma::uword n) {
  return (arma::regspace(1, static_cast<double>(n)) - 0.5) / static_cast<double>(n);
}

// Minimises |X w - y|^2 / n + lambda |w|^2.
inline arma::mat ridge_hat(const arma::mat& x, const arma::mat& x_test, double lambda) {
  const auto n = static_cast<double>(x.n_rows);
  const arma::mat gram = x.t() * x / n + lambda * arma::eye(x.n_cols, x.n_cols);
  return x_test * arma::solve(gram, arma::mat(x.t() / n));
}

// Least squares on y = 5x + 7 at 256 midpoints, tested at 100: no bias.
inline LinearLearner unbiased_line() {
  const arma::vec x = midpoints(256), t = midpoints(100);
  const arma::mat design = arma::join_rows(arma::ones(256), x);
  const arma::mat test = arma::join_rows(arma::ones(100), t);
  return {ridge_hat(design, test, 0), 5 * x + 7, 5 * t + 7, 0.25};
}

// A constant fitted to the same line: a bias that is orthogonal to the noise of the prediction.
inline LinearLearner constant_model(arma::uword test_points) {
  const arma::vec x = midpoints(256), t = midpoints(test_points);
  const arma::mat hat(test_points, 256, arma::fill::value(1.0 / 256));
  return {hat, 5 * x + 7, 5 * t + 7, 0.25};
}

struct SineDesign {
  arma::mat x = arma::mat(20, 5), test = arma::mat(50, 5);
  arma::vec beta{1, -2, 0.5, 0, 3};

  SineDesign() {
    for (arma::uword j = 0; j < 5; ++j) {
      const double k = static_cast<double>(j) + 1;
      for (arma::uword i = 0; i < 20; ++i) x(i, j) = std::sin((static_cast<double>(i) + 1) * k);
      for (arma::uword i = 0; i < 50; ++i)
        test(i, j) = std::sin((static_cast<double>(i) + 1.5) * k);
    }
  }
};

inline LinearLearner sine_ridge(double lambda) {
  const SineDesign d;
  return {ridge_hat(d.x, d.test, lambda), d.x * d.beta, d.test * d.beta, 0.5};
}

// Gradient descent on the mean squared error from w = 0, stopped after `steps` steps:
// w = U diag((1 - (1 - 2 eta g)^steps) / g) U' X'y / n with X'X/n = U diag(g) U'.
inline LinearLearner stopped_descent(double eta, int steps) {
  const SineDesign d;
  arma::vec g;
  arma::mat u;
  arma::eig_sym(g, u, arma::mat(d.x.t() * d.x / 20));
  const arma::vec gain = (1 - arma::pow(1 - 2 * eta * g, steps)) / g;
  const arma::mat hat = d.test * u * arma::diagmat(gain) * u.t() * d.x.t() / 20;
  return {hat, d.x * d.beta, d.test * d.beta, 0.5};
}

// Bishop, Pattern Recognition and Machine Learning, figure 3.6: 24 Gaussians of width 0.1 and a
// constant, all penalised, on 25 points of sin(2 pi x).
inline LinearLearner gaussian_basis(double ln_lambda) {
  const auto design = [](const arma::vec& x) {
    arma::mat features(x.n_elem, 25, arma::fill::ones);
    for (arma::uword k = 0; k < 24; ++k)
      features.col(k + 1) = arma::exp(-arma::square(x - static_cast<double>(k) / 23) / 0.02);
    return features;
  };
  const auto sine = [](const arma::vec& x) {
    return arma::vec(arma::sin(2 * arma::datum::pi * x));
  };
  const arma::vec x = midpoints(25), t = midpoints(100);
  return {ridge_hat(design(x), design(t), std::exp(ln_lambda) / 25), sine(x), sine(t), 0.3};
}

inline void expect_relative(double found, double expected, double tolerance) {
  EXPECT_NEAR(found, expected, tolerance * std::abs(expected));
}

}  // namespace descent
