// SPDX-License-Identifier: MIT
// Lion with its two betas as one hyperparameter, a list.
#include <array>

#include "sdk/optimizer.h"

struct TwoBetas {
  static constexpr auto doc = "the sign of an interpolated momentum, with a list of two betas";
  static constexpr bool elementwise = true;

  double lr = 1e-4;
  std::array<double, 2> betas = {0.9, 0.99};
  double weight_decay = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(betas, "betas", 0, 1, "weight of the old mean in the step, and its decay rate");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay x is subtracted from x");
  }

  const char* conflict() const {
    return betas[0] > betas[1] ? "betas.0 must not be above betas.1" : nullptr;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, double, descent::Vec<T>& mean) const {
    x -= T(lr) * (arma::sign(T(betas[0]) * mean + T(1 - betas[0]) * g) + T(weight_decay) * x);
    mean = T(betas[1]) * mean + T(1 - betas[1]) * g;
  }
};

DESCENT_OPTIMIZER_PLUGIN(TwoBetas);
