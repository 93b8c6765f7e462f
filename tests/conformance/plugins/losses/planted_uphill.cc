// SPDX-License-Identifier: MIT
// A loss that is least where the class is wrong.
#include "sdk/loss.h"

struct Planted {
  static constexpr auto doc = "a loss with a mistake";
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    return sum(target.classes(0, target.none_ignored).coefficients * log_softmax(x));
  }
};

DESCENT_LOSS_PLUGIN(Planted);
