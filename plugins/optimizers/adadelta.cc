// SPDX-License-Identifier: MIT
// Adadelta (Zeiler 2012, algorithm 1).
#include "sdk/optimizer.h"

struct AdaDelta {
  static constexpr auto doc =
      "Adadelta: the gradient times the ratio of the running RMS of steps and of gradients";
  static constexpr auto formula =
      "v = rho v + (1-rho) g^2, d = sqrt(u + eps)/sqrt(v + eps) g, u = rho u + (1-rho) d^2, x -= "
      "lr d";
  static constexpr auto source = "Zeiler 2012, arXiv:1212.5701";
  static constexpr bool elementwise = true;

  double lr = 1, rho = 0.9, eps = 1e-6, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "factor on the step");
    hyper(rho, "rho", 0, 1, "decay rate of the mean squares");
    hyper(eps, "eps", 0, 1e6, "added to both mean squares before their square roots");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double, descent::Vec<T>& square,
            descent::Vec<T>& moved) const {
    const T kept = T(rho), added = T(1 - rho), small = T(eps), decay = T(weight_decay);
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i] + decay * x[i];
      square[i] = kept * square[i] + added * g * g;
      const T move = std::sqrt(moved[i] + small) / std::sqrt(square[i] + small) * g;
      moved[i] = kept * moved[i] + added * move * move;
      x[i] -= T(lr) * move;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(AdaDelta);
