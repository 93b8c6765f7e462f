// SPDX-License-Identifier: MIT
// An optimizer that has the name of one which is part of the program.
#include "sdk/optimizer.h"

struct Shadow {
  static constexpr auto doc = "does nothing under another's name";

  void declare(descent::Hyperparameters&) {}

  template <class T>
  void step(descent::Vec<T>&, const descent::Vec<T>&, double) const {}
};

DESCENT_OPTIMIZER_PLUGIN(Shadow);
