// SPDX-License-Identifier: MIT
// Planted: the root of the squared residual has no gradient, but 0 / 0, where the residual is 0.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "absolute differences as roots of squares";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    return target.reduce(target.weights() * sqrt(square(x - target.values())));
  }
};

DESCENT_LOSS_PLUGIN(Planted);
