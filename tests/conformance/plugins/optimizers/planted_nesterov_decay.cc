// SPDX-License-Identifier: MIT
// Planted: sgd that leaves weight decay out of Nesterov's step.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "SGD with a mistake";

  double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(dampening, "dampening", 0, 1, "share of a new gradient that is left out of the velocity");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(nesterov, "nesterov", "use Nesterov momentum");
  }

  const char* conflict() const {
    if (nesterov && momentum == 0) return "nesterov needs a momentum above 0, as momentum: 0.9";
    if (nesterov && dampening != 0) return "nesterov needs dampening: 0";
    return nullptr;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t,
            descent::Vec<T>& velocity) const {
    const T rate = T(lr), decay = T(weight_decay), kept = T(momentum);
    if (momentum == 0) {
      x -= rate * (gradient + decay * x);
      return;
    }
    velocity = kept * velocity + (t == 1 ? T(1) : T(1 - dampening)) * (gradient + decay * x);
    if (nesterov)
      x -= rate * (gradient + kept * velocity);
    else
      x -= rate * velocity;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
