// SPDX-License-Identifier: MIT
// Planted: the decay is multiplied by lr twice.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with decay and a mistake";

  double lr = 1e-2, weight_decay = 0.1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double) const {
    x -= T(lr) * (g + T(lr * weight_decay) * x);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
