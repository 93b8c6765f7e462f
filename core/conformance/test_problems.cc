// SPDX-License-Identifier: MIT
#include "conformance/test_problems.h"

namespace descent::conformance {

TestProblem bowl() {
  return {
      quadratic(arma::eye(layered_size, layered_size), arma::vec(layered_size, arma::fill::zeros)),
      arma::vec(layered_size, arma::fill::ones), layered};
}

TestProblem ill_conditioned() {
  const arma::vec curvature = arma::logspace(-2, 1, layered_size);
  return {quadratic(arma::diagmat(curvature), arma::vec(layered_size, arma::fill::zeros)),
          arma::vec(layered_size, arma::fill::ones), layered};
}

TestProblem banana() {
  return {[f = rosenbrock(100, 1)](const arma::vec& x, arma::vec& gradient) {
            const double value = f(x, gradient);
            gradient /= 100;
            return value / 100;
          },
          {-1.2, 1},
          {{"linear0.weight", 0, 1, 2, false}}};
}

NoisyLine::NoisyLine() : engine_(3), x_(1, 256), y_(1, 256) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::normal_distribution<double> normal(0, 0.25);
  for (arma::uword i = 0; i < 256; ++i) {
    x_(i) = uniform(engine_);
    y_(i) = x_(i) + 1 + normal(engine_);
  }
}

Problem NoisyLine::next() {
  arma::uvec picked(16);
  for (auto& i : picked) i = engine_() % 256;
  return least_squares(x_.cols(picked), y_.cols(picked));
}

}  // namespace descent::conformance
