// SPDX-License-Identifier: MIT
// Sharpness-aware minimization (Foret et al. 2021, algorithm 1).
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Sam {
  static constexpr auto doc =
      "SAM: a step of another optimizer with the gradient at the worst point within rho";
  static constexpr auto formula = "x by the base with the gradient f'(x + rho f'(x) / |f'(x)|)";
  static constexpr auto source = "Foret et al. 2021, arXiv:2010.01412, algorithm 1";
  static constexpr auto base = "sgd lr=0.01 momentum=0.9";

  double rho = 0.05;

  void declare(descent::Hyperparameters& hyper) {
    hyper(rho, "rho", 0, 1e6, "distance uphill at which the gradient is evaluated");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    auto [uphill, g] = host.template working<2>();
    const double slope = descent::length(gradient);
    uphill = x + T(slope > 0 ? rho / slope : 0) * gradient;
    host.evaluate(uphill, g);
    host.step_base(x, g);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Sam);
