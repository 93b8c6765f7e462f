// SPDX-License-Identifier: MIT
// Soft orthogonality (Bansal, Chen & Wang 2018, equation 1) of the weights into the units.
#include "sdk/regularizer.h"

struct Orthogonal {
  static constexpr auto doc =
      "soft orthogonality: draws the weights into different units towards orthogonality and norm 1";
  static constexpr auto formula = "lambda |W W' - I|^2";
  static constexpr auto source = "Bansal, Chen & Wang 2018, arXiv:1810.09102, equation 1";
  static constexpr bool zero_elsewhere = true;

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  double penalty(const descent::Mat<T>& w, descent::Mat<T>* gradient) const {
    descent::Mat<T> excess = w * w.t();
    excess.diag() -= T(1);
    if (gradient) *gradient += T(4 * lambda) * excess * w;
    return lambda * double(arma::dot(excess, excess));
  }
};

DESCENT_REGULARIZER_PLUGIN(Orthogonal);
