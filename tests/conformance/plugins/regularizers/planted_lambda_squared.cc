// SPDX-License-Identifier: MIT
// Planted: lambda is taken twice.
#include "sdk/regularizer.h"

struct LambdaSquared {
  static constexpr auto doc = "squares of all weights";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(lambda * lambda) * w * w;
  }
};

DESCENT_REGULARIZER_PLUGIN(LambdaSquared);
