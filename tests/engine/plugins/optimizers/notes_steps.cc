// SPDX-License-Identifier: MIT
// Gradient descent that notes the number of its step, and what has no value.
#include <limits>

#include "sdk/optimizer.h"

struct NotesSteps {
  static constexpr auto doc = "notes the number of its step";

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    host.note("nothing", std::numeric_limits<double>::quiet_NaN());
    host.note("t", host.t() - 1);
    host.note("t", host.t());
    x -= T(0.01) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(NotesSteps);
