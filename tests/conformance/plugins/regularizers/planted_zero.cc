// SPDX-License-Identifier: MIT
// A penalty that is always 0.
#include "sdk/regularizer.h"

struct Planted {
  static constexpr auto doc = "a penalty with a mistake";

  double lambda = 0.1;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(0 * lambda) * w * w;
  }
};

DESCENT_REGULARIZER_PLUGIN(Planted);
