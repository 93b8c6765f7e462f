// SPDX-License-Identifier: MIT
// The hinge loss of support vector machines (Cortes & Vapnik 1995), or its square.
#include "sdk/loss.h"

struct Hinge {
  static constexpr auto doc = "hinge loss of scores x and targets t of -1 and 1";
  static constexpr auto formula = "max(0, margin - t x), or its square";
  static constexpr auto source = "Cortes & Vapnik 1995";
  static constexpr auto targets = DESCENT_SIGNS;
  static constexpr auto prediction = DESCENT_VALUES;

  double margin = 1;
  bool squared = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(margin, "margin", 0, 1e12, "score beyond which the loss is 0");
    hyper(squared, "squared", "use the squared hinge loss");
  }

  template <class S>
  S operator()(S x, S t) const {
    const S gap = S(margin) - t * x;
    const S loss = gap <= S(0) ? S(0) : gap;
    return squared ? loss * loss : loss;
  }
};

DESCENT_LOSS_PLUGIN(Hinge);
