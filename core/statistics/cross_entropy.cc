// SPDX-License-Identifier: MIT
#include <cmath>

#include "statistics/bias_variance.h"

namespace descent::statistics {
namespace {

double log_sum_exp(const arma::vec& l) {
  const double largest = l.max();
  double sum = 0;
  for (const double value : l) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

// variance = -log sum exp(l) of the mean log probabilities l, the weighted sum over columns. For a
// single replicate it is 0, as its probabilities sum to 1.
double summed_variance(const arma::mat& mean, double replicates, const PointWeights& weights) {
  if (replicates < 2) return 0;
  double sum = 0;
  arma::vec l(mean.n_rows);
  for (arma::uword j = 0; j < mean.n_cols; ++j) {
    l = mean.col(j);
    sum -= weight_of(weights, j) * log_sum_exp(l);
  }
  return sum;
}

// The mean without the group is l' = l - w (l_g - l). The loss is -sum q l', and that of the
// central prediction is less by the variance (see cross_entropy).
BiasVariance without(const GroupedAccumulators& pool, const Accumulator& group) {
  const auto& mean = pool.whole().mean();
  const arma::mat left = mean - pool.weight(group) * (group.mean() - mean);
  const double loss = pool.loss_without(group);
  const double variance =
      summed_variance(left, pool.replicates_without(group), pool.weights()) * pool.unit();
  return {loss, loss - variance, variance};
}

}  // namespace

// The central prediction pbar = exp(l) / sum exp(l) has log pbar = l + variance in each column, and
// q sums to 1 there. So its loss is -sum q log pbar = -sum q l - variance, and the parts add up.
BiasVariance cross_entropy(const GroupedAccumulators& pool, const arma::mat& q) {
  const auto& mean = pool.whole().mean();
  const double variance = summed_variance(mean, pool.replicates(), pool.weights()) * pool.unit();
  double fit = 0;
  for (arma::uword j = 0; j < mean.n_cols; ++j)
    fit += weight_of(pool.weights(), j) * arma::dot(q.col(j), mean.col(j));
  const double central_loss = -fit * pool.unit() - variance;
  return {pool.loss(), central_loss, variance};
}

std::vector<BiasVariance> cross_entropy_without_each(const GroupedAccumulators& pool) {
  std::vector<BiasVariance> parts;
  pool.each([&](const Accumulator& group) { parts.push_back(without(pool, group)); });
  return parts;
}

}  // namespace descent::statistics
