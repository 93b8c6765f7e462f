// SPDX-License-Identifier: MIT
// Planted: the derivative is half of what it is to be for residuals below 0.02.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "squares with a mistake";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class T>
  T value(T x, T t) const {
    return (x - t) * (x - t);
  }
  template <class T>
  T derivative(T x, T t) const {
    return std::abs(x - t) < T(0.02) ? x - t : 2 * (x - t);
  }
};

DESCENT_LOSS_PLUGIN(Planted);
