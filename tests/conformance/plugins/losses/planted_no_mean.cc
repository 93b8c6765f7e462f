// SPDX-License-Identifier: MIT
// A loss with a sum as its mean.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "a loss with a mistake";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    return sum(target.weights() * square(x - target.values()));
  }
};

DESCENT_LOSS_PLUGIN(Planted);
