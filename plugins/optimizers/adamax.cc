// SPDX-License-Identifier: MIT
// Adamax (Kingma & Ba 2015, algorithm 2), eps inside the maximum as in PyTorch.
#include "sdk/optimizer.h"

struct Adamax {
  static constexpr auto doc =
      "Adamax: Adam, scaled by the largest decayed gradient (infinity norm)";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) g, u = max(beta2 u, |g| + eps), x -= lr m/(1-beta1^t) / u";
  static constexpr auto source =
      "Kingma & Ba 2015, arXiv:1412.6980, algorithm 2; eps as in PyTorch";
  static constexpr bool elementwise = true;

  double lr = 2e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the largest gradient");
    hyper(eps, "eps", 0, 1e6, "added to the absolute value of each gradient");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& mean,
            descent::Vec<T>& largest) const {
    const T b1 = T(beta1), a1 = T(1 - beta1), b2 = T(beta2), decay = T(weight_decay);
    const T rate = T(lr / (1 - std::pow(beta1, t)));
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i] + decay * x[i];
      mean[i] = b1 * mean[i] + a1 * g;
      largest[i] = std::max(b2 * largest[i], std::abs(g) + T(eps));
      x[i] -= rate * mean[i] / largest[i];
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Adamax);
