// SPDX-License-Identifier: MIT
// Grokfast (Lee et al. 2024, algorithm 2, the filter by an exponential average).
#include "sdk/optimizer.h"

struct Grokfast {
  static constexpr auto doc =
      "Grokfast: a step of another optimizer with the slow part of the gradients amplified";
  static constexpr auto formula =
      "m = alpha m + (1 - alpha) g, from m = g at step 1; x by the base with g + lambda m";
  static constexpr auto source = "Lee et al. 2024, arXiv:2405.20233, Grokfast-EMA";
  static constexpr auto base = "adam";

  double alpha = 0.98, lambda = 2;

  void declare(descent::Hyperparameters& hyper) {
    hyper(alpha, "alpha", 0, 1, "share of the average that a step keeps");
    hyper(lambda, "lambda", 0, 1e6, "factor of the slow part");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& mean) const {
    auto [g] = host.template working<1>();
    mean = host.t() == 1 ? gradient : descent::Vec<T>(T(alpha) * mean + T(1 - alpha) * gradient);
    g = gradient + T(lambda) * mean;
    host.step_base(x, g);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Grokfast);
