// SPDX-License-Identifier: MIT
// Mean squared error.
#include "sdk/loss.h"

struct MeanSquaredError {
  static constexpr auto doc = "mean squared error: mean of (x - t)^2 over all elements";
  static constexpr auto formula = "(x - t)^2";
  static constexpr auto source = "Legendre 1805; PyTorch, MSELoss";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class S>
  S operator()(S x, S t) const {
    return (x - t) * (x - t);
  }
};

DESCENT_LOSS_PLUGIN(MeanSquaredError);
