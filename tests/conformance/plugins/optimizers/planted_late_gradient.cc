// SPDX-License-Identifier: MIT
// A step along the gradient of the step before.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    x -= T(lr) * v;
    v = g;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
