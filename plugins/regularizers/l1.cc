// SPDX-License-Identifier: MIT
// L1 (lasso, Tibshirani 1996). The proximal step is soft thresholding (Daubechies et al. 2004).
#include "sdk/regularizer.h"

struct L1 {
  static constexpr auto doc = "L1: lambda * sum |w|; its proximal step makes weights exactly zero";
  static constexpr auto formula = "lambda sum |w|; proximal: sign(w) max(|w| - step lambda, 0)";
  static constexpr auto source =
      "Tibshirani 1996; proximal step of Daubechies et al. 2004, arXiv:math/0307152";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(lambda) * abs(w);
  }

  template <class T>
  T proximal(T w, T step) const {
    return descent::soft_threshold(w, step * T(lambda));
  }
};

DESCENT_REGULARIZER_PLUGIN(L1);
