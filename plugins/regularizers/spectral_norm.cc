// SPDX-License-Identifier: MIT
// Spectral norm regularization (Yoshida & Miyato 2017, equation 2).
#include "sdk/regularizer.h"

struct SpectralNorm {
  static constexpr auto doc =
      "spectral norm: the largest singular value of each weight matrix, squared; bounds how much a "
      "layer magnifies";
  static constexpr auto formula = "lambda / 2 sum over matrices of sigma_max(W)^2";
  static constexpr auto source = "Yoshida & Miyato 2017, arXiv:1705.10941, equation 2";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  double penalty(const descent::Mat<T>& w, descent::Mat<T>* gradient) const {
    descent::Mat<T> u, v;
    descent::Vec<T> s;
    if (!w.is_finite() || !arma::svd_econ(u, s, v, w))
      throw std::runtime_error("the weights have no singular value decomposition");
    if (gradient) *gradient += T(lambda) * s(0) * u.col(0) * v.col(0).t();
    return lambda / 2 * double(s(0)) * double(s(0));
  }
};

DESCENT_REGULARIZER_PLUGIN(SpectralNorm);
