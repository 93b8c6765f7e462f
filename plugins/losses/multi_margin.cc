// SPDX-License-Identifier: MIT
// The hinge loss over classes (Weston & Watkins 1999), divided by their number as in PyTorch.
#include "sdk/loss.h"

struct MultiMargin {
  static constexpr auto doc =
      "multi-class hinge loss: every other class should score lower than the target by a margin";
  static constexpr auto formula = "sum over c != y of w[y] max(0, margin - x[y] + x[c])^p / k";
  static constexpr auto source = "Weston & Watkins 1999; PyTorch, MultiMarginLoss";
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;
  static constexpr auto class_weight = "class_weight";

  int p = 1;
  double margin = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(p, "p", 1, 2, "exponent of each term");
    hyper(margin, "margin", 0, 1e12, "lead of the target class beyond which the loss is 0");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto own = target.classes(0, descent::Target<T>::none_ignored).coefficients;
    const auto others = sum(own, 0) - own;  // the weight of y on every class but y
    const auto gap = relu(margin + x - gather(x, target.labels()));
    return target.reduce(mean(others * (p == 2 ? square(gap) : gap), 0));
  }
};

DESCENT_LOSS_PLUGIN(MultiMargin);
