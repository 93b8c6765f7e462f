// SPDX-License-Identifier: MIT
// Deliberately broken at step `at`: says something and leaves.
#include <cstdio>
#include <cstdlib>

#include "sdk/optimizer.h"

struct Broken {
  static constexpr auto doc = "an optimizer that is broken on purpose: exits";

  int at = 3;

  void declare(descent::Hyperparameters& hyper) {
    hyper(at, "at", 1, 1'000'000, "the step that goes wrong");
  }

  template <class T>
  void step(descent::Vec<T>&, const descent::Vec<T>&, double t) const {
    if (t != at) return;
    std::puts("these are my last words");
    std::exit(5);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Broken);
