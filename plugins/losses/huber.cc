// SPDX-License-Identifier: MIT
// Huber's loss (Huber 1964).
#include "sdk/loss.h"

struct Huber {
  static constexpr auto doc = "Huber loss: quadratic up to a residual of delta, linear beyond";
  static constexpr auto formula = "|x-t| <= delta: (x-t)^2 / 2; else delta (|x-t| - delta/2)";
  static constexpr auto source = "Huber 1964";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  double delta = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(delta, "delta", 0, 1e12, "residual beyond which the loss is linear");
  }

  // As in PyTorch.
  const char* conflict() const {
    return delta == 0 ? "delta needs to be above 0: else the loss is 0 for any prediction"
                      : nullptr;
  }

  template <class S>
  S operator()(S x, S t) const {
    const S size = abs(x - t);
    return size <= S(delta) ? S(0.5) * size * size : S(delta) * (size - S(delta / 2));
  }
};

DESCENT_LOSS_PLUGIN(Huber);
