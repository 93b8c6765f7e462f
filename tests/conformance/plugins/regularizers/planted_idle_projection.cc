// SPDX-License-Identifier: MIT
// A projection that leaves weights where they are.
#include "sdk/regularizer.h"

struct Planted {
  static constexpr auto doc = "a penalty with a mistake";

  double lambda = 0.1;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  T proximal(T w, T) const {
    return w;
  }
};

DESCENT_REGULARIZER_PLUGIN(Planted);
