// SPDX-License-Identifier: MIT
// A penalty as an expression of the autograd: the spread of the weights about their mean.
#include "sdk/regularizer.h"

struct Spread {
  static constexpr auto doc = "lambda times the sum of squared distances from the weights' mean";

  double lambda = 1;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 100, "strength"); }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& w) const {
    return lambda * sum(square(w - mean(w)));
  }
};

DESCENT_REGULARIZER_PLUGIN(Spread);
