// SPDX-License-Identifier: MIT
// Twice the step in float.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    v = T(0.9) * v + g;
    x -= T(sizeof(T) == 4 ? 2 * lr : lr) * v;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
