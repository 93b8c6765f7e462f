// SPDX-License-Identifier: MIT
// ADOPT (Taniguchi et al. 2024, algorithm 2). The first step only begins the second moment.
#include "sdk/optimizer.h"

struct Adopt {
  static constexpr auto doc =
      "ADOPT: Adam with a second moment that leaves out the step's gradient, for any beta2";
  static constexpr auto formula =
      "c = clip(g / max(sqrt(v), eps), (t-1)^(1/4)), m = beta1 m + (1-beta1) c, x -= lr m, v = "
      "beta2 v + (1-beta2) g^2, from v = g^2 without a step at t = 1";
  static constexpr auto source = "Taniguchi et al. 2024, arXiv:2411.02853, algorithm 2";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.9999, eps = 1e-6;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 1e-30, 1e6, "the least denominator");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& mean,
            descent::Vec<T>& square) const {
    const T longest = T(std::pow(t - 1, 0.25));
    const T kept = T(t == 1 ? 0 : beta2), added = T(t == 1 ? 1 : 1 - beta2);
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T scaled = gradient[i] / std::max(std::sqrt(square[i]), T(eps));
      mean[i] = T(beta1) * mean[i] + T(1 - beta1) * std::clamp(scaled, -longest, longest);
      x[i] -= T(lr) * mean[i];
      square[i] = kept * square[i] + added * gradient[i] * gradient[i];
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Adopt);
