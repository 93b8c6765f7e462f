// SPDX-License-Identifier: MIT
// An optimizer with the faults that authors make: it remembers outside its slots, allocates,
// divides by a norm that may be zero, and has a slot too many.
#include "sdk/optimizer.h"

struct SloppyOptimizer {
  static constexpr auto doc = "normalised descent, badly";
  static constexpr bool elementwise = true;

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double,
            descent::Vec<T>& /*never used*/) const {
    static double calls = 0;
    const descent::Vec<T> direction = gradient / arma::norm(gradient);
    x -= T(lr / (1 + calls++ / 1000)) * direction;
  }
};

DESCENT_OPTIMIZER_PLUGIN(SloppyOptimizer);
