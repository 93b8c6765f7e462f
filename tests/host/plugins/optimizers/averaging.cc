// SPDX-License-Identifier: MIT
// Gradient descent that is evaluated at the mean of its iterates (Polyak & Juditsky 1992).
#include "sdk/optimizer.h"

struct Averaging {
  static constexpr auto doc = "gradient descent, evaluated at the mean of x after every step";

  double lr = 0.1;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 100, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double,
            descent::Vec<T>& sum) const {
    x -= T(lr) * gradient;
    sum += x;
  }

  template <class T>
  descent::Vec<T> average(const descent::Vec<T>&, double t, const descent::Vec<T>& sum) const {
    return sum / T(t);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Averaging);
