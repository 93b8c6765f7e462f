// SPDX-License-Identifier: MIT
// L2 (ridge, Hoerl & Kennard 1970), without the factor 1/2.
#include "sdk/regularizer.h"

struct L2 {
  static constexpr auto doc = "L2: lambda * sum w^2 (without the factor 1/2), gradient 2 lambda w";
  static constexpr auto formula = "lambda sum w^2; proximal: w / (1 + 2 step lambda)";
  static constexpr auto source = "Hoerl & Kennard 1970";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class S>
  S operator()(S w) const {
    return S(lambda) * w * w;
  }

  template <class T>
  T proximal(T w, T step) const {
    return w / (1 + 2 * step * T(lambda));
  }
};

DESCENT_REGULARIZER_PLUGIN(L2);
