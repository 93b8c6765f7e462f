// SPDX-License-Identifier: MIT
// RAdam (Liu et al. 2020, algorithm 2), eps added before the bias correction as in PyTorch.
#include "sdk/adam.h"
#include "sdk/optimizer.h"

struct RAdam {
  static constexpr auto doc =
      "RAdam: Adam with a rectified adaptive step; momentum alone while its variance is unbounded";
  static constexpr auto formula =
      "x -= lr r m/(1-beta1^t) sqrt(1-beta2^t)/(sqrt(v) + eps), r the rectification; x -= lr "
      "m/(1-beta1^t) while rho_t <= 5";
  static constexpr auto source =
      "Liu et al. 2020, arXiv:1908.03265, algorithm 2; eps as in PyTorch";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  bool decoupled_weight_decay = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root, before bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(decoupled_weight_decay, "decoupled_weight_decay", "decoupled weight decay, as in AdamW");
  }

  // The variance rectification r_t; 0 while the variance is not tractable.
  double rectification(double t) const {
    const double power = std::pow(beta2, t), most = 2 / (1 - beta2) - 1;
    const double rho = most - 2 * t * power / (1 - power);
    if (rho <= 5) return 0;
    return std::sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho));
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& mean,
            descent::Vec<T>& square) const {
    const descent::Moments<T> adam(lr, beta1, beta2, eps, t);
    const double r = rectification(t);
    const T rate = adam.rate * T(r > 0 ? r * std::sqrt(1 - std::pow(beta2, t)) : 1);
    const T kept = T(decoupled_weight_decay ? 1 - lr * weight_decay : 1);
    const T decay = T(decoupled_weight_decay ? 0 : weight_decay);
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      adam.take(gradient[i] + decay * x[i], mean[i], square[i]);
      x[i] = kept * x[i] - rate * mean[i] / (r > 0 ? std::sqrt(square[i]) + adam.eps : T(1));
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(RAdam);
