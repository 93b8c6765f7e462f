// SPDX-License-Identifier: MIT
// The stochastic Polyak step (Loizou et al. 2021, SPS_max).
#include "sdk/optimizer.h"

struct StochasticPolyak {
  static constexpr auto doc =
      "SPS: SGD with the step that would take the batch's loss to its least value, were it a line";
  static constexpr auto formula = "x -= min((f - least) / (c |g|^2), lr) g";
  static constexpr auto source = "Loizou et al. 2021, arXiv:2002.10542, SPS_max";

  double lr = 1, c = 0.5, least = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "longest step size");
    hyper(c, "c", 1e-6, 1e6, "divides the step");
    hyper(least, "least", -1e12, 1e12, "the least loss that a batch can have");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    const auto square = double(arma::dot(gradient, gradient));
    if (square == 0) return;
    const double rate = std::max(0.0, (host.value(x) - least) / (c * square));
    host.note("rate", std::min(rate, lr));
    x -= T(std::min(rate, lr)) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(StochasticPolyak);
