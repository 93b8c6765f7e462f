// SPDX-License-Identifier: MIT
// Planted: only the first weight matrix is penalized.
#include "sdk/regularizer.h"

struct FirstMatrix {
  static constexpr auto doc = "squares of all weights, but for those of later layers";

  template <class T>
  descent::Var<T> operator()(std::span<const descent::Var<T>> matrices) const {
    return sum(square(matrices[0]));
  }
};

DESCENT_REGULARIZER_PLUGIN(FirstMatrix);
