// SPDX-License-Identifier: MIT
// Sophia-H (Liu et al. 2023, algorithm 3, with the estimator of algorithm 1).
#include <random>

#include "sdk/optimizer.h"

struct Sophia {
  static constexpr auto doc =
      "Sophia: momentum over an estimate of the Hessian's diagonal, each weight's step clipped";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) g; every k steps h = beta2 h + (1-beta2) u (H u) with random signs "
      "u; x *= 1 - lr weight_decay, x -= lr clip(m / max(rho h, eps), 1)";
  static constexpr auto source =
      "Liu et al. 2023, arXiv:2305.14342; the estimator: Hutchinson 1990";
  static constexpr auto needs = DESCENT_NEEDS_HESSIAN;
  static constexpr bool noisy = true;

  double lr = 1e-3, beta1 = 0.96, beta2 = 0.99, rho = 0.01, eps = 1e-12, weight_decay = 0;
  int k = 10;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size, and the longest step of a weight");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the mean gradient");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the Hessian's diagonal");
    hyper(rho, "rho", 0, 1e6, "factor of the Hessian: the smaller, the more weights are clipped");
    hyper(eps, "eps", 1e-300, 1e6, "the least denominator");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
    hyper(k, "k", 1, 1'000'000, "steps between estimates of the Hessian");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& curvature) const {
    auto [signs, product] = host.template working<2>();
    if (std::fmod(host.t() - 1, k) == 0) {
      std::mt19937_64 random(host.seed());
      for (T& u : signs) u = random() >> 63 ? T(1) : T(-1);
      host.hessian_times(signs, product);
      curvature = T(beta2) * curvature + T(1 - beta2) * (signs % product);
    }
    mean = T(beta1) * mean + T(1 - beta1) * gradient;
    const T least = std::max(T(eps), std::numeric_limits<T>::min());
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T ratio = mean[i] / std::max(T(rho) * curvature[i], least);
      x[i] = T(1 - lr * weight_decay) * x[i] - T(lr) * std::clamp(ratio, T(-1), T(1));
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Sophia);
