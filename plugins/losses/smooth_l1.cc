// SPDX-License-Identifier: MIT
// Smooth L1 (Girshick 2015, equation 3), with the threshold beta.
#include "sdk/loss.h"

struct SmoothL1 {
  static constexpr auto doc =
      "smooth L1: quadratic for residuals below beta, linear above; with beta 0 the same as l1";
  static constexpr auto formula = "|x-t| < beta: (x-t)^2 / (2 beta); else |x-t| - beta/2";
  static constexpr auto source = "Girshick 2015, arXiv:1504.08083, equation 3";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_NUMBERS | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_VALUES;

  double beta = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(beta, "beta", 0, 1e12, "residual from which the loss is linear");
  }

  template <class S>
  S operator()(S x, S t) const {
    const S size = abs(x - t);
    return size < S(beta) ? size * size / S(2 * beta) : size - S(beta / 2);
  }
};

DESCENT_LOSS_PLUGIN(SmoothL1);
