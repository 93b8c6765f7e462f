// SPDX-License-Identifier: MIT
// LAMB (You et al. 2020, algorithm 2), phi being the identity.
#include "sdk/adam.h"
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Lamb {
  static constexpr auto doc = "LAMB: Adam's step for each block, scaled to the norm of its weights";
  static constexpr auto formula =
      "u = m/(1-beta1^t) / (sqrt(v/(1-beta2^t)) + eps) + weight_decay x, x -= lr |x|/|u| u in "
      "every block; |x|/|u| is 1 if one of them is 0";
  static constexpr auto source = "You et al. 2020, arXiv:1904.00962, algorithm 2";
  static constexpr bool relative = true;

  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-6, weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size relative to the norm of each block");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root, after bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to Adam's step");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& square) const {
    const descent::Moments<T> adam(1, beta1, beta2, eps, host.t());
    auto [update] = host.template working<1>();
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      adam.take(g[i], mean[i], square[i]);
      update[i] = adam.step(mean[i], square[i]) + T(weight_decay) * x[i];
    }
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block);
      const auto u = descent::part(update, block);
      w -= T(lr * descent::trust(w, u)) * u;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Lamb);
