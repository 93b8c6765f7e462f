// SPDX-License-Identifier: MIT
// Slow weights that start at 0 instead of at the weights.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double t, descent::Vec<T>& slow) const {
    x -= T(lr) * g;
    if (std::fmod(t, 5) != 0) return;
    slow += T(0.5) * (x - slow);
    x = slow;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
