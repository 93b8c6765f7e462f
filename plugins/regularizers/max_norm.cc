// SPDX-License-Identifier: MIT
// The max-norm constraint (Srebro & Shraibman 2005; of networks, Srivastava et al. 2014).
#include "sdk/regularizer.h"

struct MaxNorm {
  static constexpr auto doc =
      "max-norm constraint: the norm of the weights into a unit is at most limit";
  static constexpr auto formula =
      "|w_unit| <= limit: w_unit *= min(1, limit / |w_unit|) after each step";
  static constexpr auto source = "Srebro & Shraibman 2005; for units: Srivastava et al. 2014";
  static constexpr bool projects = true;

  double limit = 3;

  void declare(descent::Hyperparameters& hyper) { hyper(limit, "limit", 0, 1e12, "largest norm"); }

  template <class T>
  void proximal(descent::Mat<T>& w, double) const {
    for (arma::uword i = 0; i < w.n_rows; ++i) {
      const T length = descent::row_norm(w, i);
      if (length > T(limit)) w.row(i) *= T(limit) / length;
    }
  }
};

DESCENT_REGULARIZER_PLUGIN(MaxNorm);
