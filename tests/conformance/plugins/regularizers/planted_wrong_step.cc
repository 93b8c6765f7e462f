// SPDX-License-Identifier: MIT
// A proximal step without the step size.
#include "sdk/regularizer.h"

struct Planted {
  static constexpr auto doc = "a penalty with a mistake";

  double lambda = 0.1;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(lambda) * w * w;
  }
  template <class T>
  T proximal(T w, T) const {
    return w / (1 + 2 * T(lambda));
  }
};

DESCENT_REGULARIZER_PLUGIN(Planted);
