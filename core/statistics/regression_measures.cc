// SPDX-License-Identifier: MIT
#include "statistics/regression_measures.h"

#include <cmath>

namespace descent::statistics {
namespace {

double mean(const arma::rowvec& x, const PointWeights& weights) {
  return weights.is_empty() ? arma::mean(x) : arma::dot(x, weights) / arma::accu(weights);
}

// The mean over rows of of(errors, targets).
template <class F>
double mean_over_rows(const PredictedNumbers& numbers, const F& of) {
  double sum = 0;
  for (arma::uword i = 0; i < numbers.target.n_rows; ++i) {
    const arma::rowvec target = numbers.target.row(i);
    const arma::rowvec errors = target - numbers.prediction.row(i);
    sum += of(errors, target);
  }
  return sum / double(numbers.target.n_rows);
}

// 1 - part / whole.
double explained(double part, double whole) {
  return whole != 0 ? 1 - part / whole : part == 0 ? 1 : 0;
}

double variance_of(const arma::rowvec& x, const PointWeights& weights) {
  return mean(arma::square(x - mean(x, weights)), weights);
}

double median(const arma::rowvec& x, const PointWeights& weights) {
  if (weights.is_empty()) return arma::median(x);
  const arma::uvec order = arma::stable_sort_index(x);
  const arma::rowvec ordered = weights(order).t();
  const arma::rowvec up_to = arma::cumsum(ordered);
  arma::uword i = 0;
  while (up_to[i] < up_to.back() / 2) ++i;
  return x[order[i]];
}

}  // namespace

double mean_squared_error(const PredictedNumbers& numbers) {
  return mean_over_rows(numbers, [&](const auto& errors, const auto&) {
    return mean(arma::square(errors), numbers.weights);
  });
}

double mean_absolute_error(const PredictedNumbers& numbers) {
  return mean_over_rows(numbers, [&](const auto& errors, const auto&) {
    return mean(arma::abs(errors), numbers.weights);
  });
}

double root_mean_squared_error(const PredictedNumbers& numbers) {
  return mean_over_rows(numbers, [&](const auto& errors, const auto&) {
    return std::sqrt(mean(arma::square(errors), numbers.weights));
  });
}

double r2(const PredictedNumbers& numbers) {
  if (numbers.target.n_cols < 2) return arma::datum::nan;
  return mean_over_rows(numbers, [&](const auto& errors, const auto& target) {
    return explained(mean(arma::square(errors), numbers.weights),
                     variance_of(target, numbers.weights));
  });
}

double explained_variance(const PredictedNumbers& numbers) {
  return mean_over_rows(numbers, [&](const auto& errors, const auto& target) {
    return explained(variance_of(errors, numbers.weights), variance_of(target, numbers.weights));
  });
}

double median_absolute_error(const PredictedNumbers& numbers) {
  return mean_over_rows(numbers, [&](const auto& errors, const auto&) {
    return median(arma::abs(errors), numbers.weights);
  });
}

}  // namespace descent::statistics
