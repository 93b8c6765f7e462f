// SPDX-License-Identifier: MIT
// A loss of classes with outputs that are no probabilities, such as one of embeddings: nothing
// about the classes can be read off a prediction.
#include "sdk/loss.h"

struct Embeds {
  static constexpr auto doc = "the mean square of the outputs";
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_VALUES;
  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>&) const {
    return mean(square(x));
  }
};

DESCENT_LOSS_PLUGIN(Embeds);
