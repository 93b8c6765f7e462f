// SPDX-License-Identifier: MIT
// Squares of losses that a double holds overflow above 1e154 and vanish below 1e-162. Errors of
// such losses are found from the losses over a power of two: nothing is rounded that was not
// before.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace descent::statistics {

// The power of two next below the largest magnitude; 1 where all numbers are 0 or one is not
// finite.
inline double scale_of(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) return 1;
    largest = std::max(largest, std::abs(value));
  }
  if (largest == 0) return 1;
  return std::ldexp(1.0, std::max(std::ilogb(largest), std::numeric_limits<double>::min_exponent));
}

}  // namespace descent::statistics
