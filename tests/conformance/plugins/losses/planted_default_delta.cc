// SPDX-License-Identifier: MIT
// Planted: the derivative is right where delta is 1, its default, and off by this factor elsewhere.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "Huber loss with a mistake";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  double delta = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(delta, "delta", 1e-12, 1e12, "where it turns linear");
  }

  template <class T>
  T value(T x, T t) const {
    const T d = std::abs(x - t), end = T(delta);
    return d <= end ? d * d / 2 : end * (d - end / 2);
  }
  template <class T>
  T derivative(T x, T t) const {
    const T d = x - t;
    return std::abs(d) <= T(delta) ? d : std::copysign(T(1), d);
  }
};

DESCENT_LOSS_PLUGIN(Planted);
