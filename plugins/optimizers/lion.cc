// SPDX-License-Identifier: MIT
// Lion (Chen et al. 2023, algorithm 2).
#include "sdk/optimizer.h"

struct Lion {
  static constexpr auto doc = "Lion: the sign of an interpolated momentum";
  static constexpr auto formula =
      "x -= lr (sign(beta1 m + (1-beta1) g) + weight_decay x), m = beta2 m + (1-beta2) g";
  static constexpr auto source = "Chen et al. 2023, arXiv:2302.06675, algorithm 2";
  static constexpr bool elementwise = true;

  double lr = 1e-4, beta1 = 0.9, beta2 = 0.99, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "weight of the old mean in the step");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the mean");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& mean) const {
    x -= T(lr) * (arma::sign(T(beta1) * mean + T(1 - beta1) * g) + T(weight_decay) * x);
    mean = T(beta2) * mean + T(1 - beta2) * g;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Lion);
