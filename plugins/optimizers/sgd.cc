// SPDX-License-Identifier: MIT
// Stochastic gradient descent with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013).
#include "sdk/optimizer.h"

struct Sgd {
  static constexpr auto doc =
      "SGD: stochastic gradient descent, with momentum or Nesterov momentum";
  static constexpr auto formula =
      "v = g at step 1 or without momentum, else momentum v + (1-dampening) g; x -= lr v, or with "
      "nesterov and momentum x -= lr (g + momentum v)";
  static constexpr auto source =
      "Robbins & Monro 1951; momentum: Polyak 1964; Nesterov form: Sutskever et al. 2013";
  static constexpr bool elementwise = true;

  double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(dampening, "dampening", 0, 1, "share of a new gradient that is left out of the velocity");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(nesterov, "nesterov", "use Nesterov momentum");
  }

  // As in PyTorch: Nesterov's form looks ahead along a velocity that holds whole gradients.
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
    const T added = t == 1 ? T(1) : T(1 - dampening);  // the first gradient is taken whole
    velocity = kept * velocity + added * (gradient + decay * x);
    if (nesterov)
      x -= rate * (gradient + decay * x + kept * velocity);
    else
      x -= rate * velocity;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Sgd);
