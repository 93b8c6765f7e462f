// SPDX-License-Identifier: MIT
// A loop that ends too early.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    for (arma::uword i = 0; i + 1 < x.n_elem; ++i) {
      v[i] = T(0.9) * v[i] + g[i];
      x[i] -= T(lr) * v[i];
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
