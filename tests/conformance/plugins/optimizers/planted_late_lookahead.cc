// SPDX-License-Identifier: MIT
// Planted: the slow weights move a step late. Otherwise lookahead around adam, written in one.
#include "sdk/adam.h"
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "Lookahead over Adam with a mistake";
  static constexpr auto source = "Zhang et al. 2019, arXiv:1907.08610, algorithm 1";

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0, alpha = 0.5;
  int k = 5;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, 1, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, 1, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(alpha, "alpha", 0, 1, "share of the way to the fast weights");
    hyper(k, "k", 1, 1'000'000, "steps per update of the slow weights");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double t, descent::Vec<T>& mean,
            descent::Vec<T>& square, descent::Vec<T>& slow) const {
    const descent::Moments<T> adam(lr, beta1, beta2, eps, t);
    if (t == 1) slow = x;
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      adam.take(g[i] + T(weight_decay) * x[i], mean[i], square[i]);
      x[i] -= adam.step(mean[i], square[i]);
    }
    if (t == 1 || std::fmod(t - 1, k) != 0) return;
    slow += T(alpha) * (x - slow);
    x = slow;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
