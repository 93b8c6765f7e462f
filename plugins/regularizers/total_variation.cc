// SPDX-License-Identifier: MIT
// Total variation (Rudin, Osher & Fatemi 1992; the fused lasso of Tibshirani et al. 2005), of each
// unit's weights along the inputs.
#include "sdk/regularizer.h"

struct TotalVariation {
  static constexpr auto doc =
      "total variation: draws the weights of neighbouring inputs of a unit together";
  static constexpr auto formula = "lambda sum |w[i,j+1] - w[i,j]|";
  static constexpr auto source =
      "Rudin, Osher & Fatemi 1992; fused lasso of Tibshirani et al. 2005";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  double penalty(const descent::Mat<T>& w, descent::Mat<T>* gradient) const {
    T sum = 0;
    for (arma::uword j = 0; j + 1 < w.n_cols; ++j)
      for (arma::uword i = 0; i < w.n_rows; ++i) {
        const T jump = w(i, j + 1) - w(i, j);
        sum += std::abs(jump);
        if (!gradient) continue;
        const T slope = T(lambda) * T((jump > 0) - (jump < 0));
        (*gradient)(i, j + 1) += slope;
        (*gradient)(i, j) -= slope;
      }
    return lambda * double(sum);
  }
};

DESCENT_REGULARIZER_PLUGIN(TotalVariation);
