// SPDX-License-Identifier: MIT
// Jacobian regularization (Hoffman, Roberts & Yaida 2019, section 2), exact instead of by random
// projections.
#include "sdk/regularizer.h"

struct Jacobian {
  static constexpr auto doc =
      "Jacobian penalty: the squared derivatives of the outputs with respect to the inputs; makes "
      "predictions robust against noise in the inputs";
  static constexpr auto formula = "lambda / 2 mean over samples of |d outputs / d inputs|^2";
  static constexpr auto source =
      "Hoffman, Roberts & Yaida 2019, arXiv:1908.02729; Sokolic et al. 2017, arXiv:1605.08254";
  static constexpr bool of_jacobian = true;

  double lambda = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S derivative) const {
    return S(lambda / 2) * derivative * derivative;
  }
};

DESCENT_REGULARIZER_PLUGIN(Jacobian);
