// SPDX-License-Identifier: MIT
// Planted: the derivative is wrong for residuals above 7, the second derivative everywhere.
#include "sdk/loss.h"

struct Derivatives {
  static constexpr auto doc = "Huber loss with derivatives of its own";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class T>
  T value(T x, T t) const {
    const T d = std::abs(x - t);
    return d <= T(1) ? d * d / 2 : d - T(0.5);
  }
  template <class T>
  T derivative(T x, T t) const {
    const T d = x - t;
    return std::abs(d) > T(7) ? d / 7 : std::clamp(d, T(-1), T(1));
  }
  template <class T>
  T curvature(T, T) const {
    return T(1);
  }
};

DESCENT_LOSS_PLUGIN(Derivatives);
