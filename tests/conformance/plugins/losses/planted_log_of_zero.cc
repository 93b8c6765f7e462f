// SPDX-License-Identifier: MIT
// Planted: t log t is nan at t = 0, where it is 0.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "Kullback-Leibler divergence without the case of 0";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_LOG_PROBABILITIES;

  template <class T>
  T value(T x, T t) const {
    return t * (std::log(t) - x);
  }
  template <class T>
  T derivative(T, T t) const {
    return -t;
  }
};

DESCENT_LOSS_PLUGIN(Planted);
