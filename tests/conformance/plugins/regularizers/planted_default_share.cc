// SPDX-License-Identifier: MIT
// Planted: the threshold of the proximal step is right where share is 1/2, its default.
#include "sdk/regularizer.h"

struct Planted {
  static constexpr auto doc = "absolute values and squares of weights, with a mistake";

  double lambda = 0.1, share = 0.5;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lambda, "lambda", 0, 1e12, "strength");
    hyper(share, "share", 0, 1, "of the absolute values");
  }

  template <class S>
  S operator()(S w) const {
    return S(lambda) * (S(share) * abs(w) + S(1 - share) * w * w);
  }
  template <class T>
  T proximal(T w, T step) const {
    const T strength = step * T(lambda);
    return descent::soft_threshold(w, strength / 2) / (1 + 2 * strength * T(1 - share));
  }
};

DESCENT_REGULARIZER_PLUGIN(Planted);
