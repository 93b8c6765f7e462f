// SPDX-License-Identifier: MIT
// Mean absolute error.
#include "sdk/loss.h"

struct MeanAbsoluteError {
  static constexpr auto doc =
      "mean absolute error: mean of |x - t| over all elements; derivative 0 at 0";
  static constexpr auto formula = "|x - t|";
  static constexpr auto source = "Laplace 1774; PyTorch, L1Loss";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class S>
  S operator()(S x, S t) const {
    return abs(x - t);
  }
};

DESCENT_LOSS_PLUGIN(MeanAbsoluteError);
