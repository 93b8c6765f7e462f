// SPDX-License-Identifier: MIT
// AdaGrad, diagonal (Duchi, Hazan & Singer 2011, figure 1).
#include "sdk/optimizer.h"

struct AdaGrad {
  static constexpr auto doc =
      "AdaGrad: the gradient divided by the square root of the sum of all its squares";
  static constexpr auto formula = "s += g^2, x -= lr/(1 + (t-1) lr_decay) g / (sqrt(s) + eps)";
  static constexpr auto source = "Duchi, Hazan & Singer 2011";
  static constexpr bool elementwise = true;

  double lr = 1e-2, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(lr_decay, "lr_decay", 0, 1e6, "the step size of step t is lr / (1 + (t-1) lr_decay)");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(initial_accumulator_value, "initial_accumulator_value", 0, 1e12,
          "initial value of the sum of squares");
    hyper(eps, "eps", 0, 1e6, "added to the square root, for numerical stability");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t,
            descent::Vec<T>& sum) const {
    const T rate = T(lr / (1 + (t - 1) * lr_decay)), decay = T(weight_decay);
    if (t == 1) sum.fill(T(initial_accumulator_value));
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i] + decay * x[i];
      sum[i] += g * g;
      x[i] -= rate * g / (std::sqrt(sum[i]) + T(eps));
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(AdaGrad);
