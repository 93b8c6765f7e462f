// SPDX-License-Identifier: MIT
#include "statistics/point_errors.h"

#include <cmath>
#include <numeric>
#include <span>

#include "base/random.h"
#include "statistics/groups.h"
#include "statistics/scale.h"

namespace descent::statistics {
namespace {

// Of values times weights: of their mean, which is a ratio of sums (Cochran 1977, 6.4). Without
// weights it is sd / sqrt(m).
double error_of_mean(const arma::rowvec& weighted, const PointWeights& weights) {
  const auto m = static_cast<double>(weighted.n_elem);
  const double mean = arma::mean(weighted);
  arma::rowvec deviations = weighted;
  for (arma::uword j = 0; j < weighted.n_elem; ++j) deviations[j] -= weight_of(weights, j) * mean;
  const double scale = scale_of({deviations.memptr(), deviations.n_elem});
  double sum = 0;
  for (const double deviation : deviations) sum += std::pow(deviation / scale, 2);
  return std::sqrt(sum / (m - 1) / m) * scale;
}

// Each row holds a value per test point, times its weight. A part is scale times their mean, as
// unit() is scale / m.
PointEstimates scaled(const GroupedAccumulators& pool, const arma::rowvec& bias2,
                      const arma::rowvec& variance, const arma::rowvec& total) {
  const auto m = static_cast<double>(total.n_elem);
  if (m < 2 || pool.replicates() < 2) return {};
  const double scale = pool.unit() * m;
  return {scale * total, scale * bias2, scale * variance, pool.weights()};
}

}  // namespace

PointEstimates squared_points(const GroupedAccumulators& pool) {
  const auto& whole = pool.whole();
  if (pool.replicates() < 2) return {};
  arma::rowvec variance(whole.mean().n_cols, arma::fill::zeros);
  if (!whole.m2().is_empty()) variance = arma::sum(whole.m2(), 0) / (pool.replicates() - 1);
  const arma::rowvec bias2 =
      arma::sum(arma::square(whole.mean()), 0) - variance / pool.replicates();
  return scaled(pool, bias2, variance, bias2 + variance);
}

// As in cross_entropy.cc, point by point: total = -sum q l, variance = -log sum exp(l), and bias2
// the rest, less the entropy of q.
PointEstimates entropy_points(const GroupedAccumulators& pool, const arma::mat& q,
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
  return scaled(pool, weighted(bias2), weighted(variance), weighted(total));
}

PointErrors errors_of(const PointEstimates& points) {
  if (points.total.is_empty()) return {};
  return {error_of_mean(points.total, points.weights), error_of_mean(points.bias2, points.weights),
          error_of_mean(points.variance, points.weights)};
}

std::vector<PointGroup> groups_of(const PointEstimates& points) {
  std::vector<std::uint64_t> order(points.total.n_elem);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  Random(0, "groups of test points").shuffle(order);
  std::vector<PointGroup> groups;
  for (const auto& range : groups_of(order.size(), most_point_groups)) {
    PointGroup group{range.count, 0, 0, 0};
    for (const auto i : std::span(order).subspan(range.first, range.count)) {
      group.total += points.total[i] / static_cast<double>(range.count);
      group.bias2 += points.bias2[i] / static_cast<double>(range.count);
      group.variance += points.variance[i] / static_cast<double>(range.count);
    }
    groups.push_back(group);
  }
  return groups;
}

}  // namespace descent::statistics
