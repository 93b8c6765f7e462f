// SPDX-License-Identifier: MIT
// Sharpness-aware minimization (Foret et al. 2021, algorithm 1) over momentum SGD.
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Sam {
  static constexpr auto doc =
      "SAM: SGD with momentum and the gradient at the worst point within rho";
  static constexpr auto formula =
      "g = f'(x + rho f'(x) / |f'(x)|) + weight_decay x, v = momentum v + g, x -= lr v";
  static constexpr auto source = "Foret et al. 2021, arXiv:2010.01412, algorithm 1";

  double lr = 1e-2, rho = 0.05, momentum = 0.9, weight_decay = 0;

  void declare(descent::Hypers& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(rho, "rho", 0, 1e6, "distance uphill at which the gradient is evaluated");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& velocity) const {
    auto [uphill, g] = host.template working<2>();
    const double slope = descent::length(gradient);
    uphill = x + T(slope > 0 ? rho / slope : 0) * gradient;
    host.evaluate(uphill, g);
    velocity = T(momentum) * velocity + g + T(weight_decay) * x;
    x -= T(lr) * velocity;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Sam);
