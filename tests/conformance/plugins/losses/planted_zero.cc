// SPDX-License-Identifier: MIT
// A loss that is always 0.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "a loss with a mistake";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class S>
  S operator()(S x, S t) const {
    return S(0) * (x - t);
  }
};

DESCENT_LOSS_PLUGIN(Planted);
