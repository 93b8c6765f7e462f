// SPDX-License-Identifier: MIT
// Planted: sgd that does not move as soon as there is momentum.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "SGD with a mistake";

  double lr = 1e-3, momentum = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double) const {
    if (momentum == 0) x -= T(lr) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
