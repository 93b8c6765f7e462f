// SPDX-License-Identifier: MIT
// The soft Dice loss (Milletari, Navab & Ahmadi 2016, section 3), averaged over classes.
#include "sdk/loss.h"

struct Dice {
  static constexpr auto doc =
      "soft Dice loss: overlap of predicted and true classes in the batch, whatever their sizes";
  static constexpr auto formula =
      "1 - mean over classes of (2 sum p t + smooth) / (sum p^2 + sum t + smooth), sums over the "
      "batch, p = softmax(x)";
  static constexpr auto source = "Milletari, Navab & Ahmadi 2016, arXiv:1606.04797, section 3";
  static constexpr bool ratio = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;

  double smooth = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(smooth, "smooth", 1e-12, 1e6, "added to both parts of the ratio");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& logits,
                             const descent::Target<T>& target) const {
    const auto t = target.classes(0, descent::Target<T>::none_ignored).coefficients;
    const auto p = softmax(logits), size = sum(t, 0) * square(p);  // by the samples' weights
    return 1.0 - mean((2.0 * sum(t * p, 1) + smooth) / (sum(size, 1) + sum(t, 1) + smooth));
  }
};

DESCENT_LOSS_PLUGIN(Dice);
