// SPDX-License-Identifier: MIT
// Planted: the last output is left out.
#include "sdk/loss.h"

struct LastOutput {
  static constexpr auto doc = "mean square of all residuals but the last output's";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto each = target.weights() * square(x - target.values());
    return target.reduce(x.rows() > 1 ? rows(each, 0, x.rows() - 2) : each);
  }
};

DESCENT_LOSS_PLUGIN(LastOutput);
