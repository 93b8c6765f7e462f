// SPDX-License-Identifier: MIT
#include <cmath>

#include "statistics/parts.h"

namespace descent {
namespace {

double log_sum_exp(const arma::vec& l) {
  const double largest = l.max();
  double sum = 0;
  for (const double value : l) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

// -log sum exp of mean log probabilities, summed over columns. A single replicate has none.
double summed_variance(const arma::mat& mean, double replicates) {
  if (replicates < 2) return 0;
  double sum = 0;
  arma::vec l(mean.n_rows);
  for (arma::uword j = 0; j < mean.n_cols; ++j) {
    l = mean.col(j);
    sum -= log_sum_exp(l);
  }
  return sum;
}

Parts without(const GroupedAccumulators& pool, const Accumulator& group) {
  const auto& mean = pool.whole().mean();
  const arma::mat left = mean - pool.weight(group) * (group.mean() - mean);
  const double loss = pool.loss_without(group);
  const double variance = summed_variance(left, pool.replicates_without(group)) * pool.unit();
  return {loss, loss - variance, variance};
}

}  // namespace

// log pbar = mean log p + variance, column by column; the rows of q sum to 1 in each.
Parts cross_entropy(const GroupedAccumulators& pool, const arma::mat& q) {
  const auto& mean = pool.whole().mean();
  const double variance = summed_variance(mean, pool.replicates()) * pool.unit();
  const double central_loss = -arma::accu(q % mean) * pool.unit() - variance;
  return {pool.loss(), central_loss, variance};
}

std::vector<Parts> cross_entropy_without_each(const GroupedAccumulators& pool) {
  std::vector<Parts> parts;
  for (const auto* group : pool.groups()) parts.push_back(without(pool, *group));
  return parts;
}

}  // namespace descent
