// SPDX-License-Identifier: MIT
#include "statistics/estimate.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

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

}  // namespace descent::statistics
