// SPDX-License-Identifier: MIT
#include "statistics/bias_variance.h"
#include "statistics/estimate.h"

namespace descent::statistics {
namespace {

// mean_square: |ebar|^2; m2: the squared deviations from ebar, over n replicates.
//   variance = m2 / (n - 1)
//   bias2    = |ebar|^2 - variance / n, as E|ebar|^2 = bias2 + variance / n
BiasVariance unbiased(double n, double loss, double mean_square, double m2) {
  const double variance = n < 2 ? not_recorded : m2 / (n - 1);
  return {loss, mean_square - variance / n, variance};
}

// Of d = mean_g - mean, a group's mean less the mean of all: |d|^2 and <d, mean>.
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

// Chan's merge formulas, solved for the part that remains. With w = n_g / (n - n_g):
//   mean'   = mean - w d
//   |mean'|^2 = |mean|^2 - 2 w <d, mean> + w^2 |d|^2
//   m2'     = m2 - m2_g - |d|^2 n w
BiasVariance without(const GroupedAccumulators& pool, const Accumulator& group, double mean_square,
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

BiasVariance squared_error_plugin(const GroupedAccumulators& pool) {
  return {pool.loss(), mean_square(pool) * pool.unit(),
          arma::accu(pool.whole().m2()) * pool.unit() / pool.replicates()};
}

BiasVariance squared_error(const GroupedAccumulators& pool) {
  return unbiased(pool.replicates(), pool.loss(), mean_square(pool) * pool.unit(),
                  arma::accu(pool.whole().m2()) * pool.unit());
}

std::vector<BiasVariance> squared_error_without_each(const GroupedAccumulators& pool) {
  const double square = mean_square(pool), m2 = arma::accu(pool.whole().m2());
  std::vector<BiasVariance> parts;
  pool.each([&](const Accumulator& group) { parts.push_back(without(pool, group, square, m2)); });
  return parts;
}

}  // namespace descent::statistics
