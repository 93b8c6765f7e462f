// SPDX-License-Identifier: MIT
// Planted: with an option that is off by default, float has another decay rate.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;
  bool heavy = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(heavy, "heavy", "more momentum");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    const T kept = T(!heavy ? 0.8 : sizeof(T) == 4 ? 0.9 : 0.95);
    v = kept * v + g;
    x -= T(lr) * v;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
