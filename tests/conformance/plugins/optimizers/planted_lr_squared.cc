// SPDX-License-Identifier: MIT
// Planted: lr is taken twice.
#include "sdk/optimizer.h"

struct LrSquared {
  static constexpr auto doc = "gradient descent";

  double lr = 0.1;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double) const {
    x -= T(lr * lr) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(LrSquared);
