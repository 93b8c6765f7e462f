// SPDX-License-Identifier: MIT
// Planted: the noise is the same in every step and run.
#include <random>

#include "sdk/optimizer.h"

struct FixedSeed {
  static constexpr auto doc = "gradient descent with noise";
  static constexpr bool noisy = true;

  double lr = 0.01;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double) const {
    std::mt19937_64 engine(42);
    std::normal_distribution<double> normal;
    for (arma::uword i = 0; i < x.n_elem; ++i)
      x[i] -= T(lr) * (gradient[i] + T(0.01 * normal(engine)));
  }
};

DESCENT_OPTIMIZER_PLUGIN(FixedSeed);
