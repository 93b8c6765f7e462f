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

// A mean square of a few independent parts: as log_t_estimate, but its upper bound is at least that
// of Satterthwaite [1946], d value / chi2 with d = 2 (value / se)^2 degrees of freedom, though not
// fewer than df. With ten parts the standard error is so rough that the log scale alone is short
// there.
Estimate mean_square_estimate(double value, double se, double df, double level);

// a - b of two estimates that are independent, or nearly so, from the intervals of both:
//   lo = a - b - sqrt((a - a.lo)^2 + (b.hi - b)^2)
//   hi = a - b + sqrt((a.hi - a)^2 + (b - b.lo)^2)
// [Zou & Donner, 2008; for mean squares the modified large-sample interval of Ting et al., 1990].
Estimate difference_estimate(const Estimate& a, const Estimate& b, double se);

// The interval of a sum of two nearly independent estimates, such as bias2 and variance (mean and
// spread of normal replicates), by the same construction; it keeps the asymmetry of both. value,
// se: of the sum, which may contain a constant that a and b do not. If a or b has no interval: the
// t interval of the sum.
Estimate sum_estimate(double value, double se, const Estimate& a, const Estimate& b, double df,
                      double level);

// A squared length B = |b|^2 of a mean b of replicates, such as bias2. value: its unbiased
// estimate, which may be negative; plugin: the squared length of the mean itself; jackknife_se:
// that of value; null_se: that of value where B = 0. The variance of value grows with B,
//   var(B) = c B + null_se^2
// so a plain interval value -+ t se, with a width that depends on the luck of value, covers too
// rarely where b is a few standard errors long. This one contains all B >= 0 with
//   |value - B| <= t sqrt(var(B))
// as Wilson's interval [1927] does for a share. c = 4 b'Sb / (R B) for the covariance S of the
// replicates is found from jackknife_se^2, which estimates c B + 2 null_se^2; see the source. The
// se is the larger of the two.
Estimate squared_length_estimate(double value, double plugin, double jackknife_se, double null_se,
                                 double df, double level);

}  // namespace descent::statistics
