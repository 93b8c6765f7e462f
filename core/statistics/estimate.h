// SPDX-License-Identifier: MIT
// A number with its standard error and its interval. NaN: not defined.
#pragma once

#include "base/not_recorded.h"

namespace descent::statistics {

struct Estimate {
  double value = not_recorded, se = not_recorded, lo = not_recorded, hi = not_recorded;
};

// The t with P(|T| <= t) = level for df degrees of freedom; NaN for df < 1. 0 < level < 1.
double t_quantile(double df, double level);

// value -+ t se; without bounds when se is not defined or df < 1, all NaN when value is not
// defined.
Estimate t_estimate(double value, double se, double df, double level);

// value exp(-+ t se / value): the t interval of log(value), for quantities that cannot be negative.
// A value <= 0, which a bias correction can give, has the plain t interval.
Estimate log_t_estimate(double value, double se, double df, double level);

}  // namespace descent::statistics
