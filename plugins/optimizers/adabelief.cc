// SPDX-License-Identifier: MIT
// AdaBelief (Zhuang et al. 2020, algorithm 2).
#include "sdk/optimizer.h"

struct AdaBelief {
  static constexpr auto doc =
      "AdaBelief: Adam, scaled by the deviation of the gradient from its running mean";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) g, s = beta2 s + (1-beta2) (g-m)^2 + eps, x -= lr m/(1-beta1^t) / "
      "(sqrt(s/(1-beta2^t)) + eps)";
  static constexpr auto source = "Zhuang et al. 2020, arXiv:2010.07468, algorithm 2";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the variance");
    hyper(eps, "eps", 0, 1e6, "added to the variance in every step, and to its square root");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double t, descent::Vec<T>& mean,
            descent::Vec<T>& variance) const {
    const T rate = T(lr / (1 - std::pow(beta1, t)));
    const T root = T(1 / std::sqrt(1 - std::pow(beta2, t)));
    mean = T(beta1) * mean + T(1 - beta1) * g;
    variance = T(beta2) * variance + T(1 - beta2) * arma::square(g - mean) + T(eps);
    x = T(1 - lr * weight_decay) * x - rate * mean / (root * arma::sqrt(variance) + T(eps));
  }
};

DESCENT_OPTIMIZER_PLUGIN(AdaBelief);
