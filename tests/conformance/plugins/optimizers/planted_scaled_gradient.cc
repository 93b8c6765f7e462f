// SPDX-License-Identifier: MIT
// A gradient that is changed where it lies.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double) const {
    auto& mine = const_cast<descent::Vec<T>&>(g);
    mine *= T(lr);
    x -= mine;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
