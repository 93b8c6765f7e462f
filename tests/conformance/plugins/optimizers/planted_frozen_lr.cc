// SPDX-License-Identifier: MIT
// A step size that is kept from the first step.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double t, descent::Vec<T>& v,
            descent::Vec<T>& rate) const {
    if (t == 1) rate.fill(T(lr));
    v = T(0.9) * v + g;
    x -= rate % v;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
