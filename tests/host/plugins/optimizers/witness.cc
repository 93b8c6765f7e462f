// SPDX-License-Identifier: MIT
// An optimizer that writes its inputs into the weights, of which it needs eight.
#include "sdk/optimizer.h"

struct Witness {
  static constexpr auto doc =
      "x = t, epoch, planned steps, seed mod 4096, blocks, last offset, f(0), f'(0)";

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>&, const descent::Step<T>& step,
            descent::Vec<T>& calls, descent::Vec<T>& origin, descent::Vec<T>& slope) const {
    calls += T(1);
    x(0) = T(step.t());
    x(1) = T(step.epoch());
    x(2) = T(step.planned_steps());
    x(3) = T(step.seed() % 4096);
    x(4) = T(step.blocks().size());
    x(5) = T(step.blocks().back().offset + (step.blocks().back().is_bias ? 0.5 : 0));
    x(6) = T(step.evaluate(origin, slope));
    x(7) = slope(0) + T(1000) * calls(0);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Witness);
