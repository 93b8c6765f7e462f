// SPDX-License-Identifier: MIT
#include "statistics/estimate.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "statistics/scale.h"

namespace descent::statistics {

double t_quantile(double df, double level) {
  if (!(df >= 1)) return not_recorded;
  return boost::math::quantile(boost::math::students_t(df), (1 + level) / 2);
}

Estimate t_estimate(double value, double se, double df, double level) {
  if (std::isnan(value)) return {};
  const double reach = t_quantile(df, level) * se;
  return {value, se, value - reach, value + reach};
}

// By the delta method the standard error of log(value) is se / value.
Estimate log_t_estimate(double value, double se, double df, double level) {
  if (!(value > 0)) return t_estimate(value, se, df, level);
  const double factor = std::exp(t_quantile(df, level) * se / value);
  return {value, se, value / factor, value * factor};
}

Estimate mean_square_estimate(double value, double se, double df, double level) {
  auto estimate = log_t_estimate(value, se, df, level);
  if (!(value > 0) || !(se > 0) || !(df >= 1)) return estimate;
  const double d = std::max(df, 2 * (value / se) * (value / se));
  if (d > 1e6) return estimate;  // both are the same then
  const double least = boost::math::quantile(boost::math::chi_squared(d), (1 - level) / 2);
  estimate.hi = std::max(estimate.hi, d * value / least);
  return estimate;
}

Estimate difference_estimate(const Estimate& a, const Estimate& b, double se) {
  const double value = a.value - b.value;
  return {value, se, value - std::hypot(a.value - a.lo, b.hi - b.value),
          value + std::hypot(a.hi - a.value, b.value - b.lo)};
}

// A bound may lie beyond the value: an estimate below 0 of what cannot be.
Estimate sum_estimate(double value, double se, const Estimate& a, const Estimate& b, double df,
                      double level) {
  const auto below = [](const Estimate& e) { return std::max(0.0, e.value - e.lo); };
  const auto above = [](const Estimate& e) { return std::max(0.0, e.hi - e.value); };
  if (std::isnan(a.lo) || std::isnan(b.lo) || std::isnan(value))
    return t_estimate(value, se, df, level);
  return {value, se, value - std::hypot(below(a), below(b)),
          value + std::hypot(above(a), above(b))};
}

namespace {

// Two ratios, both exact where S has one direction, or all alike. The first is too small where the
// plug-in value is mostly noise in other directions than b; the second divides by a noisy value.
// most: what the largest eigenvalue of S allows, 4 / R times the root of tr S^2.
double growth_of_variance(double value, double plugin, double jackknife_se, double null_se) {
  const double square = jackknife_se * jackknife_se, null_square = null_se * null_se;
  const double most = std::sqrt(8.0) * null_se;
  const bool mostly_noise = plugin < 4 * null_se;
  double of_plugin = plugin > 0 ? square / plugin : 0;
  if (mostly_noise) of_plugin = std::min(of_plugin, most);
  if (!(value > 0)) return of_plugin;
  return std::max(of_plugin, std::min((square - 2 * null_square) / value, most));
}

}  // namespace

// The roots of (value - B)^2 = t^2 (c B + null_se^2) in B.
Estimate squared_length_estimate(double value, double plugin, double jackknife_se, double null_se,
                                 double df, double level) {
  const double se = null_se > jackknife_se ? null_se : jackknife_se;
  const double t = t_quantile(df, level);
  if (std::isnan(value) || std::isnan(se) || std::isnan(null_se) || std::isnan(t))
    return t_estimate(value, se, df, level);
  const double scale = scale_of(std::array{value, plugin, jackknife_se, null_se});
  const double v = value / scale, null = null_se / scale;
  const double c = growth_of_variance(v, plugin / scale, jackknife_se / scale, null);
  const double half = t * t * c / 2;
  const double reach = std::sqrt(std::max(0.0, t * t * (c * v + null * null) + half * half));
  return {value, se, std::max(0.0, v + half - reach) * scale,
          std::max(0.0, v + half + reach) * scale};
}

}  // namespace descent::statistics
