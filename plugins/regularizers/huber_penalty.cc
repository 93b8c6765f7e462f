// SPDX-License-Identifier: MIT
// Huber's function (Huber 1964) of each weight: L2 near 0, L1 far away.
#include "sdk/regularizer.h"

struct HuberPenalty {
  static constexpr auto doc = "Huber penalty: like L2 for small weights, like L1 for large ones";
  static constexpr auto formula = "lambda sum (|w| <= delta: w^2 / 2; else delta (|w| - delta/2))";
  static constexpr auto source = "Huber 1964";

  double lambda = 1e-3, delta = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lambda, "lambda", 0, 1e12, "strength");
    hyper(delta, "delta", 0, 1e12, "weight beyond which the penalty is linear");
  }

  template <class S>
  S operator()(S w) const {
    const S size = abs(w);
    return S(lambda) * (size <= S(delta) ? S(0.5) * w * w : S(delta) * (size - S(delta / 2)));
  }

  template <class T>
  T proximal(T w, T step) const {
    const T strength = step * T(lambda), edge = T(delta) * (1 + strength);
    if (w > edge) return w - strength * T(delta);
    if (w < -edge) return w + strength * T(delta);
    return w / (1 + strength);
  }
};

DESCENT_REGULARIZER_PLUGIN(HuberPenalty);
