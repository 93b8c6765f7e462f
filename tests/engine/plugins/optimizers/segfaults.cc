// SPDX-License-Identifier: MIT
// Deliberately broken at step `at`.
#include "sdk/optimizer.h"

struct Broken {
  static constexpr auto doc = "an optimizer that is broken on purpose: segfaults";

  double lr = 0.01;
  int at = 3;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1, "step size");
    hyper(at, "at", 1, 1'000'000, "the step that goes wrong");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t) const {
    if (t == at) {
      *static_cast<volatile int*>(nullptr) = 1;
    }
    x -= T(lr) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Broken);
