// SPDX-License-Identifier: MIT
// Decay that is described as decoupled, but enters the mean square.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(weight_decay, "weight_decay", 0, 1e6, "decoupled: x shrinks by lr times it");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    const descent::Vec<T> slope = g + T(weight_decay) * x;
    v = T(0.99) * v + T(0.01) * slope % slope;
    x -= T(lr) * slope / (arma::sqrt(v) + T(1e-8));
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
