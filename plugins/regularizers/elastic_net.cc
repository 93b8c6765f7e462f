// SPDX-License-Identifier: MIT
// The elastic net (Zou & Hastie 2005), without the factor 1/2.
#include "sdk/regularizer.h"

struct ElasticNet {
  static constexpr auto doc = "elastic net: L1 plus L2 (without the factor 1/2)";
  static constexpr auto formula =
      "l1 sum |w| + l2 sum w^2; proximal: soft(w, step l1) / (1 + 2 step l2)";
  static constexpr auto source = "Zou & Hastie 2005";

  double l1 = 1e-3, l2 = 1e-3;

  void declare(descent::Hyperparameters& hyper) {
    hyper(l1, "l1", 0, 1e12, "strength of the L1 term");
    hyper(l2, "l2", 0, 1e12, "strength of the L2 term");
  }

  template <class S>
  S operator()(S w) const {
    return S(l1) * abs(w) + S(l2) * w * w;
  }

  template <class T>
  T proximal(T w, T step) const {
    return descent::soft_threshold(w, step * T(l1)) / (1 + 2 * step * T(l2));
  }
};

DESCENT_REGULARIZER_PLUGIN(ElasticNet);
