// SPDX-License-Identifier: MIT
// The mean squared error as an expression of the autograd.
#include "sdk/loss.h"

struct Expression {
  static constexpr auto doc = "scale times the mean squared error";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_VALUES;

  double scale = 1;

  void declare(descent::Hyperparameters& hyper) { hyper(scale, "scale", 0, 100, "factor"); }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto squares = square(x - target.values());
    return scale * (target.mean() ? mean(squares) : sum(squares));
  }
};

DESCENT_LOSS_PLUGIN(Expression);
