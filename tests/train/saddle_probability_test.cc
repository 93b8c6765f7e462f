// SPDX-License-Identifier: MIT
// "A critical point is a minimum with probability 0.5^n, as each of n curvatures is positive or
// negative": measured on such matrices, and false. Eigenvalues of a random symmetric
// matrix repel each other, so that all of them are seldom on one side.
#include <gtest/gtest.h>

#include <armadillo>
#include <cmath>
#include <numbers>

#include "base/random.h"

namespace descent {
namespace {

// Gaussian orthogonal ensemble: variance 2 on the diagonal, 1 off it.
arma::mat random_hessian(arma::uword n, Random& random) {
  arma::mat h(n, n);
  for (arma::uword j = 0; j < n; ++j) {
    for (arma::uword i = 0; i < j; ++i) h(i, j) = h(j, i) = random.normal();
    h(j, j) = random.normal(0, std::numbers::sqrt2);
  }
  return h;
}

bool is_minimum(const arma::mat& hessian) {
  arma::mat factor;
  return arma::chol(factor, hessian);
}

// Exact by de Bruijn's Pfaffian of the ensemble's density; n = 2 and 3 in closed form.
TEST(SaddleClaim, IsNotThatOfRandomHessians) {
  constexpr double pi = std::numbers::pi, root = std::numbers::sqrt2, draws = 100'000;
  const double exact[] = {0.5, (2 - root) / 4, (pi - 2 * root) / (4 * pi), .00245670926};
  Random random(1, "hessians");
  for (arma::uword n = 1; n <= 4; ++n) {
    double minima = 0;
    for (int i = 0; i < int(draws); ++i) minima += is_minimum(random_hessian(n, random));
    const double share = minima / draws;
    const auto standard_error = [&](double p) { return std::sqrt(p * (1 - p) / draws); };
    RecordProperty("minima_of_size_" + std::to_string(n), std::to_string(share));
    EXPECT_NEAR(share, exact[n - 1], 3.5 * standard_error(exact[n - 1])) << n;
    const double claim = std::pow(0.5, double(n));
    if (n > 1) {
      EXPECT_GT(claim - share, 50 * standard_error(claim)) << n;
    }
  }
}

}  // namespace
}  // namespace descent
