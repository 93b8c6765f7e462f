// SPDX-License-Identifier: MIT
// The matrix products of every path (loops, gemm, BLAS) and of every kind (plain, transposed,
// added) against sums in extended precision.
#include <gtest/gtest.h>

#include "autograd/products.h"

namespace descent::autograd {
namespace {

template <class T>
long double expected(const Factor<T>& a, const Factor<T>& b, arma::uword i, arma::uword j) {
  long double sum = 0;
  for (arma::uword p = 0; p < a.cols(); ++p)
    sum += (long double)a.data()[i * a.down() + p * a.across()] *
           (long double)b.data()[p * b.down() + j * b.across()];
  return sum;
}

// Adding k products of numbers in [0, 1] up errs by at most (k + 2) / 2 epsilon of their sum, which
// is at most k (and 1 where it is added to).
template <class T>
void expect_product(arma::uword m, arma::uword n, arma::uword k) {
  arma::arma_rng::set_seed(m * 10000 + n * 100 + k);
  for (const bool transpose_a : {false, true})
    for (const bool transpose_b : {false, true})
      for (const bool add : {false, true}) {
        if (transpose_a && transpose_b) continue;
        const arma::Mat<T> a(transpose_a ? k : m, transpose_a ? m : k, arma::fill::randu);
        const arma::Mat<T> b(transpose_b ? n : k, transpose_b ? k : n, arma::fill::randu);
        const arma::Mat<T> before(m, n, arma::fill::randu);
        arma::Mat<T> c = before;
        const Factor<T> left{a, transpose_a}, right{b, transpose_b};
        multiply(left, right, c, add);
        const auto bound = T(k + 2) / 2 * T(k + 1) * std::numeric_limits<T>::epsilon();
        for (arma::uword j = 0; j < n; ++j)
          for (arma::uword i = 0; i < m; ++i)
            ASSERT_NEAR(double(c(i, j)),
                        double(expected(left, right, i, j) + (add ? before(i, j) : T(0))),
                        double(bound))
                << m << " x " << k << " x " << n << ", transposed " << transpose_a << transpose_b
                << ", added " << add << ", element " << i << ", " << j;
      }
}

// One row or column, below and above one tile of the result, whole tiles and rests of tiles, more
// inner terms than one panel holds.
TEST(Products, AreThoseOfTheDefinition) {
  for (const arma::uword m : {1, 3, 10, 32, 33, 97, 131})
    for (const arma::uword n : {1, 4, 13, 31})
      for (const arma::uword k : {1, 31, 256, 300}) {
        expect_product<float>(m, n, k);
        expect_product<double>(m, n, k);
      }
}

}  // namespace
}  // namespace descent::autograd
