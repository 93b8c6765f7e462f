// SPDX-License-Identifier: MIT
// Binary cross-entropy of several labels a sample, averaged over the labels.
#include "sdk/loss.h"

struct MultilabelSoftMargin {
  static constexpr auto doc =
      "multi-label soft margin: binary cross-entropy of logits, averaged over the labels";
  static constexpr auto formula =
      "mean over c of w[c] (t[c] softplus(-x[c]) + (1-t[c]) softplus(x[c]))";
  static constexpr auto source = "PyTorch, MultiLabelSoftMarginLoss";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;
  static constexpr auto class_weight = "class_weight";

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto t = target.values();
    const auto each = t * softplus(-x) + (1.0 - t) * softplus(x);
    return target.reduce(mean(target.weights() * each, 0));
  }
};

DESCENT_LOSS_PLUGIN(MultilabelSoftMargin);
