// SPDX-License-Identifier: MIT
// A loss with the faults that authors make: a derivative of another formula, an exponential that
// overflows, a minimum next to the target.
#include "sdk/loss.h"

struct SloppyLoss {
  static constexpr auto doc = "softplus of the distance, badly";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;
  static constexpr bool minimum_at_target = true;

  double scale = 2;

  void declare(descent::Hyperparameters& hyper) { hyper(scale, "scale", 0, 1, ""); }

  template <class T>
  T value(T x, T t) const {
    return std::log(1 + std::exp(x - t));
  }
  template <class T>
  T derivative(T x, T t) const {
    return std::exp(x - t) / (2 + std::exp(x - t));
  }
};

DESCENT_LOSS_PLUGIN(SloppyLoss);
