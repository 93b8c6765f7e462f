// SPDX-License-Identifier: MIT
// RMSprop (Tieleman & Hinton 2012), centered as in Graves 2013.
#include "sdk/optimizer.h"

struct RmsProp {
  static constexpr auto doc = "RMSprop: the gradient divided by its running root mean square";
  static constexpr auto formula =
      "v = alpha v + (1-alpha) g^2, b = momentum b + g / (sqrt(v) + eps), x -= lr b";
  static constexpr auto source =
      "Tieleman & Hinton 2012, lecture 6.5; centered as in Graves 2013, arXiv:1308.0850";
  static constexpr bool elementwise = true;

  double lr = 1e-2, alpha = 0.99, eps = 1e-8, momentum = 0, weight_decay = 0;
  bool centered = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(alpha, "alpha", 0, 1, "decay rate of the mean square");
    hyper(eps, "eps", 0, 1e6, "added to the square root, for numerical stability");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(centered, "centered", "divide by the running standard deviation");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double, descent::Vec<T>& square,
            descent::Vec<T>& average, descent::Vec<T>& velocity) const {
    const T kept = T(alpha), added = T(1 - alpha), decay = T(weight_decay);
    const T center = centered ? T(1) : T(0);
    average = kept * average + (center * added) * (gradient + decay * x);
    square = kept * square + added * arma::square(gradient + decay * x);
    velocity = T(momentum) * velocity +
               (gradient + decay * x) / (arma::sqrt(square - arma::square(average)) + T(eps));
    x -= T(lr) * velocity;
  }
};

DESCENT_OPTIMIZER_PLUGIN(RmsProp);
