// SPDX-License-Identifier: MIT
// AdamW (Loshchilov & Hutter 2019, algorithm 2), AMSGrad as in Reddi et al. 2018.
#include "sdk/adam.h"
#include "sdk/optimizer.h"

struct AdamW {
  static constexpr auto doc = "AdamW: Adam with decoupled weight decay";
  static constexpr auto formula =
      "x *= 1 - lr weight_decay; m = beta1 m + (1-beta1) g, v = beta2 v + (1-beta2) g^2, x -= lr "
      "m/(1-beta1^t) / (sqrt(v/(1-beta2^t)) + eps)";
  static constexpr auto source =
      "Loshchilov & Hutter 2019, arXiv:1711.05101; AMSGrad of Reddi et al. 2018";
  static constexpr bool elementwise = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 1e-2;
  bool amsgrad = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root, after bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
    hyper(amsgrad, "amsgrad", "use the maximum of all second moments so far (AMSGrad)");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t, descent::Vec<T>& mean,
            descent::Vec<T>& square, descent::Vec<T>& largest) const {
    const descent::Moments<T> adam(lr, beta1, beta2, eps, t);
    const T kept = T(1 - lr * weight_decay);
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      adam.take(gradient[i], mean[i], square[i]);
      if (amsgrad) largest[i] = std::max(largest[i], square[i]);
      x[i] = kept * x[i] - adam.step(mean[i], amsgrad ? largest[i] : square[i]);
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(AdamW);
