// SPDX-License-Identifier: MIT
// Binary cross-entropy of logits, finite for every finite logit.
#include "sdk/loss.h"

struct BinaryCrossEntropyWithLogits {
  static constexpr auto doc =
      "binary cross-entropy of logits x: pos_weight t softplus(-x) + (1-t) softplus(x)";
  static constexpr auto formula = "pos_weight t softplus(-x) + (1-t) softplus(x)";
  static constexpr auto source = "PyTorch, BCEWithLogitsLoss";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;
  static constexpr auto class_weight = "pos_weight";

  template <class S>
  S operator()(S x, S t, S pos_weight) const {
    return pos_weight * t * softplus(-x) + (S(1) - t) * softplus(x);
  }
};

DESCENT_LOSS_PLUGIN(BinaryCrossEntropyWithLogits);
