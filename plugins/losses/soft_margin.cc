// SPDX-License-Identifier: MIT
// Logistic loss of targets -1 and 1, finite for every finite score.
#include "sdk/loss.h"

struct SoftMargin {
  static constexpr auto doc = "soft margin: logistic loss of scores x and targets t of -1 and 1";
  static constexpr auto formula = "log(1 + exp(-t x))";
  static constexpr auto source = "Cox 1958; PyTorch, SoftMarginLoss";
  static constexpr auto targets = DESCENT_SIGNS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class S>
  S operator()(S x, S t) const {
    return softplus(-(t * x));
  }
};

DESCENT_LOSS_PLUGIN(SoftMargin);
