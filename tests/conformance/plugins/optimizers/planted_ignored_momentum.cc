// SPDX-License-Identifier: MIT
// A hyperparameter that is not used.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2, momentum = 0.9;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    v = T(0.9) * v + g;
    x -= T(lr) * v;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
