// SPDX-License-Identifier: MIT
// A loss of signs with outputs that are logits: their probabilities do not fit the spelling -1
// and 1.
#include "sdk/loss.h"

struct Logistic {
  static constexpr auto doc = "the logistic loss of targets -1 and 1";
  static constexpr auto targets = DESCENT_SIGNS;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;
  template <class S>
  S operator()(S x, S t) const {
    return softplus(-(t * x));
  }
};

DESCENT_LOSS_PLUGIN(Logistic);
