// SPDX-License-Identifier: MIT
// Planted: with an option that is off by default, all instances have one velocity.
#include <vector>

#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;
  bool nesterov = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(nesterov, "nesterov", "look ahead along the velocity");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& v) const {
    static std::vector<T> kept;
    kept.resize(x.n_elem);
    v = T(0.9) * v + g;
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      kept[i] = T(0.9) * kept[i] + g[i];
      x[i] -= T(lr) * (nesterov ? g[i] + T(0.9) * kept[i] : v[i]);
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
