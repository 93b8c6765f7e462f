// SPDX-License-Identifier: MIT
// Planted: the weight of an output is taken twice.
#include "sdk/loss.h"

struct ClassWeightSquared {
  static constexpr auto doc = "binary cross-entropy of logits";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;
  static constexpr auto class_weight = "pos_weight";

  template <class S>
  S operator()(S x, S t, S pos_weight) const {
    return pos_weight * pos_weight * t * softplus(-x) + (S(1) - t) * softplus(x);
  }
};

DESCENT_LOSS_PLUGIN(ClassWeightSquared);
