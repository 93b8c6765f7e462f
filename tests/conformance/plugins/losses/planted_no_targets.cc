// SPDX-License-Identifier: MIT
// A loss that does not read its targets.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "a loss with a mistake";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class S>
  S operator()(S x, S t) const {
    return x * x + S(0) * t;
  }
};

DESCENT_LOSS_PLUGIN(Planted);
