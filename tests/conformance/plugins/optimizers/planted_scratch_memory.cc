// SPDX-License-Identifier: MIT
// A velocity in working memory, which is not kept.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host) const {
    auto [v] = host.template working<1>();
    if (host.t() == 1) v.zeros();
    v = T(0.9) * v + g;
    x -= T(lr) * v;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
