// SPDX-License-Identifier: MIT
// The logarithm of the hyperbolic cosine (Green 1990).
#include "sdk/loss.h"

struct LogCosh {
  static constexpr auto doc =
      "log cosh: half the squared residual near 0, |x - t| - log 2 far from 0; smooth everywhere";
  static constexpr auto formula = "log cosh(x - t)";
  static constexpr auto source = "Green 1990";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  // cosh d = exp |d| (1 + (exp(-2|d|) - 1) / 2): exactly 0 at 0, and nothing overflows.
  template <class T>
  T value(T x, T t) const {
    const T size = std::abs(x - t);
    return size + std::log1p(T(0.5) * std::expm1(-2 * size));
  }

  template <class T>
  T derivative(T x, T t) const {
    return std::tanh(x - t);
  }

  template <class T>
  T curvature(T x, T t) const {
    const T slope = derivative(x, t);
    return 1 - slope * slope;
  }
};

DESCENT_LOSS_PLUGIN(LogCosh);
