// SPDX-License-Identifier: MIT
// Gradient descent that takes seven steps and calls them one.
#include "sdk/optimizer.h"

struct ManyEvaluations {
  static constexpr auto doc = "seven gradient steps a step";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>&, const descent::Step<T>& host) const {
    auto [gradient] = host.template working<1>();
    for (int i = 0; i < 7; ++i) {
      host.evaluate(x, gradient);
      x -= T(lr) * gradient;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(ManyEvaluations);
