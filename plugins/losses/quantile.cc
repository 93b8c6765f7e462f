// SPDX-License-Identifier: MIT
// The quantile or pinball loss (Koenker & Bassett 1978).
#include "sdk/loss.h"

struct Quantile {
  static constexpr auto doc =
      "quantile (pinball) loss: minimized by the tau-quantile of the targets";
  static constexpr auto formula = "t >= x: tau (t - x); else (tau - 1) (t - x)";
  static constexpr auto source = "Koenker & Bassett 1978";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  double tau = 0.5;

  void declare(descent::Hyperparameters& hyper) {
    hyper(tau, "tau", 0, 1, "the quantile; 0.5 is the median");
  }

  template <class T>
  T value(T x, T t) const {
    return (t >= x ? T(tau) : T(tau - 1)) * (t - x);
  }

  template <class T>
  T derivative(T x, T t) const {
    return x == t ? T(0) : t > x ? T(-tau) : T(1 - tau);
  }

  template <class T>
  T curvature(T, T) const {
    return 0;
  }
};

DESCENT_LOSS_PLUGIN(Quantile);
