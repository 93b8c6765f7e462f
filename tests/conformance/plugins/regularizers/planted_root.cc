// SPDX-License-Identifier: MIT
// Planted: the derivative of the root is infinite at zero weights.
#include "sdk/regularizer.h"

struct PlantedRoot {
  static constexpr auto doc = "absolute values as roots of squares";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(lambda) * sqrt(w * w);
  }
};

DESCENT_REGULARIZER_PLUGIN(PlantedRoot);
