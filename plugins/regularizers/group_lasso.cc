// SPDX-License-Identifier: MIT
// The group lasso (Yuan & Lin 2006), a group being the weights into one unit (Scardapane et al.
// 2017), all groups of the same strength.
#include "sdk/regularizer.h"

struct GroupLasso {
  static constexpr auto doc =
      "group lasso: the norm of the weights into each unit; removes whole units";
  static constexpr auto formula =
      "lambda sum over units of |w_unit|; proximal: w_unit max(0, 1 - step lambda / |w_unit|)";
  static constexpr auto source =
      "Yuan & Lin 2006; for units: Scardapane et al. 2017, arXiv:1607.00485";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  double penalty(const descent::Mat<T>& w, descent::Mat<T>* gradient) const {
    double sum = 0;
    for (arma::uword i = 0; i < w.n_rows; ++i) {
      const T length = descent::row_norm(w, i);
      sum += double(length);
      if (gradient && length > 0) gradient->row(i) += (T(lambda) / length) * w.row(i);
    }
    return lambda * sum;
  }

  template <class T>
  void proximal(descent::Mat<T>& w, double step) const {
    for (arma::uword i = 0; i < w.n_rows; ++i) {
      const T length = descent::row_norm(w, i);
      if (length > 0) w.row(i) *= descent::soft_threshold(length, T(step * lambda)) / length;
    }
  }
};

DESCENT_REGULARIZER_PLUGIN(GroupLasso);
