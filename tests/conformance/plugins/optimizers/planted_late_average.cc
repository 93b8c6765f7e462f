// SPDX-License-Identifier: MIT
// Planted: averaged sgd with a mean that lags by one iterate.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "averaged SGD with a mistake";

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
    const double eta = lr / std::pow(1 + lambd * lr * (t - 1), alpha);
    x = T(1 - lambd * eta) * x - T(eta) * (gradient + T(weight_decay) * x);
    const T share = T(1 / std::max(1.0, t - t0));
    mean += share * (x - mean);
  }

  template <class T>
  const descent::Vec<T>& average(const descent::Vec<T>&, double,
                                 const descent::Vec<T>& mean) const {
    return mean;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
