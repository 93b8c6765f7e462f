// SPDX-License-Identifier: MIT
// A penalty with the faults that authors make: below zero, not zero at zero, and the proximal step
// of another penalty.
#include "sdk/regularizer.h"

struct SloppyPenalty {
  static constexpr auto doc = "pull towards 1, badly";

  template <class S>
  S operator()(S w) const {
    return (w - S(1)) * (w - S(1)) - S(1.5);
  }
  template <class T>
  T proximal(T w, T step) const {
    return w / (T(1.001) + 2 * step);
  }
};

DESCENT_REGULARIZER_PLUGIN(SloppyPenalty);
