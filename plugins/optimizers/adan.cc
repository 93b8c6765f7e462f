// SPDX-License-Identifier: MIT
// Adan (Xie et al. 2022, algorithm 1); its betas are the weights of new values.
#include "sdk/optimizer.h"

struct Adan {
  static constexpr auto doc = "Adan: Adam with Nesterov momentum from gradient differences";
  static constexpr auto formula =
      "d = g - g_old, m = (1-beta1) m + beta1 g, v = (1-beta2) v + beta2 d, n = (1-beta3) n + "
      "beta3 (g + (1-beta2) d)^2, x = (x - lr (m + (1-beta2) v) / (sqrt(n) + eps)) / "
      "(1 + lr weight_decay); at step 1 m = g, v = 0, n = g^2";
  static constexpr auto source =
      "Xie et al. 2022, arXiv:2208.06677, algorithm 1; eps as in the authors' code";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.02, beta2 = 0.08, beta3 = 0.01, eps = 1e-8, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "weight of a new gradient in its running mean");
    hyper(beta2, "beta2", 0, descent::below_one,
          "weight of a new gradient difference in its running mean");
    hyper(beta3, "beta3", 0, descent::below_one, "weight of a new square in the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root");
    hyper(weight_decay, "weight_decay", 0, 1e6, "decoupled: x is divided by 1 + lr weight_decay");
  }

  // At the first step m = g, v = 0 and n = g^2.
  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& mean,
            descent::Vec<T>& change, descent::Vec<T>& square, descent::Vec<T>& last) const {
    const T b1 = T(t == 1 ? 1 : beta1), b2 = T(beta2), b3 = T(t == 1 ? 1 : beta3);
    if (t == 1) last = gradient;
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i], d = g - last[i], ahead = g + (1 - b2) * d;
      mean[i] = (1 - b1) * mean[i] + b1 * g;
      change[i] = (1 - b2) * change[i] + b2 * d;
      square[i] = (1 - b3) * square[i] + b3 * ahead * ahead;
      const T step = (mean[i] + (1 - b2) * change[i]) / (std::sqrt(square[i]) + T(eps));
      x[i] = (x[i] - T(lr) * step) / T(1 + lr * weight_decay);
      last[i] = g;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Adan);
