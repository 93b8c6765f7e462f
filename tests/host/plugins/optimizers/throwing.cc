// SPDX-License-Identifier: MIT
// An optimizer that gives up at a step of choice, with or without words.
#include "sdk/optimizer.h"

struct Throwing {
  static constexpr auto doc = "throws at step `at`";

  int at = 3;
  bool wordless = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(at, "at", 1, 1000, "the step");
    hyper(wordless, "wordless", "throw what is not a std::exception");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t) const {
    if (t == at && wordless) throw 7;
    if (t == at) throw std::runtime_error("cannot go on");
    x -= T(0.1) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Throwing);
