// SPDX-License-Identifier: MIT
#include "statistics/point_errors.h"

#include <cmath>

namespace descent::statistics {
namespace {

// Of values times weights: of their mean, which is a ratio of sums (Cochran 1977, 6.4). Without
// weights it is sd / sqrt(m).
double error_of_mean(const arma::rowvec& weighted, const PointWeights& weights) {
  const auto m = static_cast<double>(weighted.n_elem);
  const double mean = arma::mean(weighted);
  double sum = 0;
  for (arma::uword j = 0; j < weighted.n_elem; ++j)
    sum += std::pow(weighted[j] - weight_of(weights, j) * mean, 2);
  return std::sqrt(sum / (m - 1) / m);
}

// Each row holds a value per test point, times its weight. A part is scale times their mean, as
// unit() is scale / m.
PointErrors errors_of(const GroupedAccumulators& pool, const arma::rowvec& bias2,
                      const arma::rowvec& variance, const arma::rowvec& total) {
  const auto m = static_cast<double>(total.n_elem);
  if (m < 2 || pool.replicates() < 2) return {};
  const double scale = pool.unit() * m;
  const auto error = [&](const arma::rowvec& values) {
    return scale * error_of_mean(values, pool.weights());
  };
  return {error(total), error(bias2), error(variance)};
}

}  // namespace

PointErrors squared_point_errors(const GroupedAccumulators& pool) {
  const auto& whole = pool.whole();
  if (pool.replicates() < 2) return {};
  arma::rowvec variance(whole.mean().n_cols, arma::fill::zeros);
  if (!whole.m2().is_empty()) variance = arma::sum(whole.m2(), 0) / (pool.replicates() - 1);
  const arma::rowvec bias2 =
      arma::sum(arma::square(whole.mean()), 0) - variance / pool.replicates();
  return errors_of(pool, bias2, variance, bias2 + variance);
}

// As in cross_entropy.cc, point by point: total = -sum q l, variance = -log sum exp(l), and bias2
// the rest, less the entropy of q.
PointErrors entropy_point_errors(const GroupedAccumulators& pool, const arma::mat& q,
                                 bool entropy_apart) {
  const auto& mean = pool.whole().mean();
  const arma::rowvec total = -arma::sum(q % mean, 0);
  const arma::rowvec largest = arma::max(mean, 0);
  arma::mat shifted = mean;
  shifted.each_row() -= largest;
  const arma::rowvec variance = -(largest + arma::log(arma::sum(arma::exp(shifted), 0)));
  arma::rowvec bias2 = total - variance;
  if (entropy_apart) {
    const arma::mat terms = q % arma::log(arma::clamp(q, arma::datum::eps, 1.0));
    bias2 += arma::sum(terms, 0);
  }
  const auto weighted = [&](const arma::rowvec& values) -> arma::rowvec {
    return pool.weights().is_empty() ? values : arma::rowvec(values % pool.weights());
  };
  return errors_of(pool, weighted(bias2), weighted(variance), weighted(total));
}

}  // namespace descent::statistics
