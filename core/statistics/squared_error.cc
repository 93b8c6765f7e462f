// SPDX-License-Identifier: MIT
#include "statistics/estimate.h"
#include "statistics/parts.h"

namespace descent {
namespace {

// From the squared norm of the mean error and the squared deviations about it, over n replicates.
Parts unbiased(double n, double loss, double mean_square, double m2) {
  const double variance = n < 2 ? not_recorded : m2 / (n - 1);
  return {loss, mean_square - variance / n, variance};
}

// How a group's mean lies to the mean of all: |mean_g - mean|^2 and <mean_g - mean, mean>.
struct Shift {
  double square = 0, along = 0;
};

Shift shift_of(const arma::mat& group, const arma::mat& mean) {
  Shift shift;
  for (arma::uword i = 0; i < mean.n_elem; ++i) {
    const double d = group[i] - mean[i];
    shift.square += d * d;
    shift.along += d * mean[i];
  }
  return shift;
}

// Chan's merger, solved for one of the two.
Parts without(const GroupedAccumulators& pool, const Accumulator& group, double mean_square,
              double m2) {
  const double w = pool.weight(group);
  const auto shift = shift_of(group.mean(), pool.whole().mean());
  const double left_square = mean_square - 2 * w * shift.along + w * w * shift.square;
  const double left_m2 = m2 - arma::accu(group.m2()) - shift.square * pool.replicates() * w;
  return unbiased(pool.replicates_without(group), pool.loss_without(group),
                  left_square * pool.unit(), left_m2 * pool.unit());
}

double mean_square(const GroupedAccumulators& pool) {
  return arma::accu(arma::square(pool.whole().mean()));
}

}  // namespace

Parts squared_error_plugin(const GroupedAccumulators& pool) {
  return {pool.loss(), mean_square(pool) * pool.unit(),
          arma::accu(pool.whole().m2()) * pool.unit() / pool.replicates()};
}

Parts squared_error(const GroupedAccumulators& pool) {
  return unbiased(pool.replicates(), pool.loss(), mean_square(pool) * pool.unit(),
                  arma::accu(pool.whole().m2()) * pool.unit());
}

std::vector<Parts> squared_error_without_each(const GroupedAccumulators& pool) {
  const double square = mean_square(pool), m2 = arma::accu(pool.whole().m2());
  std::vector<Parts> parts;
  for (const auto* group : pool.groups()) parts.push_back(without(pool, *group, square, m2));
  return parts;
}

}  // namespace descent
