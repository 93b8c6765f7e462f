// SPDX-License-Identifier: MIT
// The nuclear norm (Fazel 2002). The proximal step is singular value thresholding (Cai, Candes &
// Shen 2010).
#include "sdk/regularizer.h"

struct Nuclear {
  static constexpr auto doc =
      "nuclear norm: the sum of the singular values of a weight matrix; lowers its rank";
  static constexpr auto formula =
      "lambda sum of singular values; proximal: U max(S - step lambda, 0) V'";
  static constexpr auto source =
      "Fazel 2002; proximal step of Cai, Candes & Shen 2010, arXiv:0810.3286";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  // The subgradient U V' of the singular values above rounding.
  template <class T>
  double penalty(const descent::Mat<T>& w, descent::Mat<T>* gradient) const {
    const auto [u, s, v] = decompose(w);
    const T noise = s.max() * T(w.n_rows + w.n_cols) * std::numeric_limits<T>::epsilon();
    for (arma::uword i = 0; gradient && i < s.n_elem; ++i)
      if (s(i) > noise) *gradient += T(lambda) * u.col(i) * v.col(i).t();
    return lambda * double(arma::accu(s));
  }

  template <class T>
  void proximal(descent::Mat<T>& w, double step) const {
    auto [u, s, v] = decompose(w);
    for (auto& value : s) value = descent::soft_threshold(value, T(step * lambda));
    w = u * arma::diagmat(s) * v.t();
  }

 private:
  template <class T>
  struct Svd {
    descent::Mat<T> u;
    descent::Vec<T> s;
    descent::Mat<T> v;
  };

  template <class T>
  static Svd<T> decompose(const descent::Mat<T>& w) {
    Svd<T> found;
    if (!w.is_finite() || !arma::svd_econ(found.u, found.s, found.v, w))
      throw std::runtime_error("the weights have no singular value decomposition");
    return found;
  }
};

DESCENT_REGULARIZER_PLUGIN(Nuclear);
