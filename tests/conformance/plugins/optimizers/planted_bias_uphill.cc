// SPDX-License-Identifier: MIT
// Biases that ascend.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host,
            descent::Vec<T>& v) const {
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block), m = descent::part(v, block);
      m = T(0.9) * m + descent::part(g, block);
      w -= T(block.is_bias ? -lr : lr) * m;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
