// SPDX-License-Identifier: MIT
// AdEMAMix (Pagliardini et al. 2024, algorithm 1).
#include "sdk/optimizer.h"

struct AdEMAMix {
  static constexpr auto doc = "AdEMAMix: AdamW with a second, much slower mean of the gradients";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) g, s = b s + (1-b) g, v = beta2 v + (1-beta2) g^2, x -= lr ((m/(1-"
      "beta1^t) + a s) / (sqrt(v/(1-beta2^t)) + eps) + weight_decay x); in warmup steps a rises "
      "from 0 to alpha and 1/log b from 1/log beta1 to 1/log beta3, linearly";
  static constexpr auto source = "Pagliardini et al. 2024, arXiv:2409.03137, algorithm 1";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, beta3 = 0.9999, alpha = 5, eps = 1e-8;
  double weight_decay = 0;
  int warmup = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the fast mean");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(beta3, "beta3", 0, descent::below_one, "decay rate of the slow mean");
    hyper(alpha, "alpha", 0, 1e6, "factor of the slow mean");
    hyper(eps, "eps", 0, 1e6, "added to the square root, after bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
    hyper(warmup, "warmup", 0, 1'000'000'000, "steps until alpha and beta3 are reached");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& fast,
            descent::Vec<T>& slow, descent::Vec<T>& square) const {
    const double share = t < warmup ? t / warmup : 1;
    const double rate = (1 - share) / std::log(beta1) + share / std::log(beta3);
    const double b = share < 1 ? std::min(std::exp(1 / rate), beta3) : beta3;
    const T correct = T(1 / (1 - std::pow(beta1, t))), mix = T(share * alpha);
    const T root = T(1 / std::sqrt(1 - std::pow(beta2, t))), shrink = T(1 - lr * weight_decay);
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i];
      fast[i] = T(beta1) * fast[i] + T(1 - beta1) * g;
      slow[i] = T(b) * slow[i] + T(1 - b) * g;
      square[i] = T(beta2) * square[i] + T(1 - beta2) * g * g;
      const T divisor = root * std::sqrt(square[i]) + T(eps);
      x[i] = shrink * x[i] - T(lr) * (correct * fast[i] + mix * slow[i]) / divisor;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(AdEMAMix);
