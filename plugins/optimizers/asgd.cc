// SPDX-License-Identifier: MIT
// Averaged stochastic gradient descent (Polyak & Juditsky 1992), step sizes as in Bottou 2012.
#include "sdk/optimizer.h"

struct AveragedSgd {
  static constexpr auto doc = "averaged SGD: evaluated at the mean of the iterates from step t0 on";
  static constexpr auto formula =
      "eta = lr/(1 + lambd lr (t-1))^alpha, x = (1 - lambd eta) x - eta g, mean += (x - "
      "mean)/max(1, t - 1 - t0)";
  static constexpr auto source = "Polyak & Juditsky 1992; step sizes of Bottou 2012; PyTorch, ASGD";
  static constexpr bool elementwise = true;
  static constexpr bool decays = true;

  double lr = 1e-2, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "initial step size");
    hyper(lambd, "lambd", 0, 1e6, "decay: lambd times the step size times x is subtracted from x");
    hyper(alpha, "alpha", 0, 1e3, "the step size of step t+1 is lr / (1 + lambd lr t)^alpha");
    hyper(t0, "t0", 0, 1e15, "step at which averaging starts");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t,
            descent::Vec<T>& mean) const {
    const double eta = t == 1 ? lr : lr / std::pow(1 + lambd * lr * (t - 1), alpha);
    const T rate = T(eta), kept = T(1 - lambd * eta), decay = T(weight_decay);
    const T share = T(1 / std::max(1.0, t - 1 - t0));
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      x[i] = kept * x[i] - rate * (gradient[i] + decay * x[i]);
      mean[i] = share == 1 ? x[i] : mean[i] + share * (x[i] - mean[i]);
    }
  }

  template <class T>
  const descent::Vec<T>& average(const descent::Vec<T>&, double,
                                 const descent::Vec<T>& mean) const {
    return mean;
  }
};

DESCENT_OPTIMIZER_PLUGIN(AveragedSgd);
