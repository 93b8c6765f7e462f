// SPDX-License-Identifier: MIT
// A velocity that all instances share.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    static double kept = 0;
    v = T(0.9) * v + g;
    kept = 0.9 * kept + 1e-6 * double(g[0]);
    x -= T(lr) * (v + T(kept));
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
