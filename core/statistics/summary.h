// SPDX-License-Identifier: MIT
// Location and spread of a handful of numbers, for reports. NaN among the values gives NaN.
#pragma once

#include <cstdint>
#include <span>

#include "statistics/estimate.h"

namespace descent::statistics {

struct Summary {
  std::uint64_t count = 0;
  double mean = not_recorded;
  double sd = not_recorded, se = not_recorded;  // sd divides by count - 1; se = sd / sqrt(count)
  double lo = not_recorded,
         hi = not_recorded;  // t interval of the mean, count - 1 degrees of freedom
  double median = not_recorded;
};

// Without values all are NaN; one value defines only mean and median.
Summary summarize(std::span<const double> values, double ci_level = 0.95);

// Whether one of n values has so large a share of their sum that mean, standard error and t
// interval depend on it: more than a tenth, and than six times 1/n. A view of the store says the
// same. It finds 97 % of samples of 100 log-normal values with logarithms of sd 2, of which a t
// interval of 95 % covers the mean in 74 % of samples; and 0.4 % of samples of 100 exponential
// values, covered in 94 %.
inline constexpr double dominant_share = 0.1, dominant_multiple = 6;
bool is_dominant(double share, std::uint64_t n);

// The p-quantile, 0 <= p <= 1, linear between order statistics (NumPy's default, R's type 7).
double quantile(std::span<const double> values, double p);

double median(std::span<const double> values);

}  // namespace descent::statistics
