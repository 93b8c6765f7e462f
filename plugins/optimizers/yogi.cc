// SPDX-License-Identifier: MIT
// Yogi (Zaheer et al. 2018, algorithm 2), which corrects no bias.
#include "sdk/optimizer.h"

struct Yogi {
  static constexpr auto doc =
      "Yogi: Adam with a second moment that changes by at most (1-beta2) g^2 per step";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) g, v -= (1-beta2) sign(v - g^2) g^2, x -= lr m / (sqrt(v) + eps)";
  static constexpr auto source = "Zaheer et al. 2018, NeurIPS, algorithm 2";
  static constexpr bool elementwise = true;

  double lr = 1e-2, beta1 = 0.9, beta2 = 0.999, eps = 1e-3, initial_accumulator_value = 1e-6;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one,
          "1 - beta2 times a new square is the change of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root");
    hyper(initial_accumulator_value, "initial_accumulator_value", 0, 1e12,
          "initial value of the second moment");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double t, descent::Vec<T>& mean,
            descent::Vec<T>& square) const {
    if (t == 1) square.fill(T(initial_accumulator_value));
    mean = T(beta1) * mean + T(1 - beta1) * g;
    square -= T(1 - beta2) * (arma::sign(square - arma::square(g)) % arma::square(g));
    x -= T(lr) * mean / (arma::sqrt(square) + T(eps));
  }
};

DESCENT_OPTIMIZER_PLUGIN(Yogi);
