// SPDX-License-Identifier: MIT
// LARS (You, Gitman & Ginsburg 2017, algorithm 1).
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Lars {
  static constexpr auto doc =
      "LARS: SGD with momentum, each block's gradient scaled to the norm of its weights";
  static constexpr auto formula =
      "v = momentum v + lr trust |x| / (|g| + weight_decay |x|) (g + weight_decay x), x -= v in "
      "every block; the factor trust |x| / .. is 1 if |x| or |g| is 0";
  static constexpr auto source = "You, Gitman & Ginsburg 2017, arXiv:1708.03888, algorithm 1";
  static constexpr auto settings = "lr=1 trust=0.01";
  static constexpr bool relative = true;

  double lr = 1, momentum = 0.9, weight_decay = 0, trust = 1e-3;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size of all blocks");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(trust, "trust", 0, 1e6,
          "trust coefficient: step relative to the norm of a block at lr 1");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& velocity) const {
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block), v = descent::part(velocity, block);
      const auto g = descent::part(gradient, block);
      const double length = descent::length(w), slope = descent::length(g);
      const double local =
          length > 0 && slope > 0 ? trust * length / (slope + weight_decay * length) : 1;
      v = T(momentum) * v + T(lr * local) * (g + T(weight_decay) * w);
      w -= v;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Lars);
