// SPDX-License-Identifier: MIT
// Inverse roots of symmetric matrices, for preconditioners.
#pragma once

#include <algorithm>
#include <armadillo>
#include <cmath>
#include <limits>

#include "sdk/norms.h"

namespace descent {

// Elements of memory that inverse_root() works in.
inline arma::uword root_memory(arma::uword n) { return 3 * n * n; }

// root = (a + ridge I)^(-1/p) of a symmetric a without negative eigenvalues, p being 2 or 4, by the
// coupled Newton iteration (Guo & Higham 2006, section 3): m converges to I while
// root m^(-1/p) stays the result. The ridge is at least what rounding may take from the smallest
// eigenvalue.
template <class T>
void inverse_root(const arma::Mat<T>& a, double ridge, int p, arma::Mat<T>& root, T* memory) {
  constexpr int most = 100;
  constexpr double rounding = std::numeric_limits<T>::epsilon();
  const auto n = a.n_rows;
  const auto square = [&](int i) {
    return arma::Mat<T>(memory + arma::uword(i) * n * n, n, n, /*copy=*/false, /*strict=*/true);
  };
  arma::Mat<T> m = square(0), factor = square(1), product = square(2);
  const double size = length(a);
  ridge = std::max(ridge, 10 * double(n) * rounding * size);
  const double scale = (p + 1) / (2 * (size + ridge));
  m = T(scale) * a;
  m.diag() += T(scale * ridge);
  root.zeros();
  root.diag() += T(std::pow(scale, 1.0 / p));
  bool close = false;
  for (int i = 0; i < most && !close; ++i) {
    T away = 0;
    for (arma::uword k = 0; k < m.n_elem; ++k)
      away = std::max(away, std::abs(m[k] - T(k % (n + 1) == 0)));
    close = away < std::sqrt(rounding);  // the next step squares it
    factor = T(-1.0 / p) * m;
    factor.diag() += T((p + 1.0) / p);
    product = root * factor;
    root = product;
    product = factor * factor;
    if (p == 4) {
      factor = product;
      product = factor * factor;
    }
    factor = product * m;
    m = factor;
  }
}

}  // namespace descent
