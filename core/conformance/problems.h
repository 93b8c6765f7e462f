// SPDX-License-Identifier: MIT
// Objectives with gradients in closed form, for optimizers to walk on. Each is a function of a flat
// vector; where that holds a model, it is W (outputs x inputs, column-major), then b. Samples are
// columns.
#pragma once

#include <armadillo>
#include <functional>
#include <utility>

namespace descent::conformance {

// The value at x; the gradient is written.
using Problem = std::function<double(const arma::vec& x, arma::vec& gradient)>;

// x'Ax/2 - b'x, A symmetric; its minimum is A^-1 b.
inline Problem quadratic(arma::mat a, arma::vec b) {
  return [a = std::move(a), b = std::move(b)](const arma::vec& x, arma::vec& gradient) {
    gradient = a * x - b;
    return arma::dot(x, a * x) / 2 - arma::dot(b, x);
  };
}

// sum_i a (x[i+1] - x[i]^2)^2 + (c - x[i])^2 (Rosenbrock 1960); its minimum is 0 at (c, c^2) for
// two variables, and at (1, .., 1) for c = 1.
inline Problem rosenbrock(double a, double c) {
  return [=](const arma::vec& x, arma::vec& gradient) {
    double value = 0;
    gradient.zeros(x.n_elem);
    for (arma::uword i = 0; i + 1 < x.n_elem; ++i) {
      const double bend = x(i + 1) - x(i) * x(i), rest = c - x(i);
      value += a * bend * bend + rest * rest;
      gradient(i) += -4 * a * bend * x(i) - 2 * rest;
      gradient(i + 1) += 2 * a * bend;
    }
    return value;
  };
}

// The outputs W inputs + b at every sample.
inline arma::mat linear_model(const arma::vec& x, const arma::mat& inputs, arma::uword outputs) {
  const arma::uword size = outputs * inputs.n_rows;
  const arma::mat w = arma::reshape(x.head(size), outputs, inputs.n_rows);
  return (w * inputs).eval().each_col() + x.tail(outputs);
}

// The gradient of a function of the outputs, carried back to W and b.
inline arma::vec linear_gradient(const arma::mat& slope, const arma::mat& inputs) {
  const arma::vec bias = arma::sum(slope, 1);
  return arma::join_cols(arma::vectorise(slope * inputs.t()), bias);
}

// The mean over all elements of (W inputs + b - targets)^2.
inline Problem least_squares(arma::mat inputs, arma::mat targets) {
  return [inputs = std::move(inputs), targets = std::move(targets)](const arma::vec& x,
                                                                    arma::vec& gradient) {
    const arma::mat residual = linear_model(x, inputs, targets.n_rows) - targets;
    const auto count = double(targets.n_elem);
    gradient = linear_gradient(2 / count * residual, inputs);
    return arma::accu(arma::square(residual)) / count;
  };
}

// The mean binary cross-entropy of the logits W inputs + b (one output); targets 0 or 1.
inline Problem logistic_regression(arma::mat inputs, arma::rowvec targets) {
  return [inputs = std::move(inputs), targets = std::move(targets)](const arma::vec& x,
                                                                    arma::vec& gradient) {
    const arma::rowvec logits = linear_model(x, inputs, 1);
    const arma::rowvec decay = arma::exp(-arma::abs(logits));
    const arma::rowvec softplus = arma::clamp(logits, 0.0, arma::datum::inf) + arma::log1p(decay);
    const auto count = double(targets.n_elem);
    gradient = linear_gradient((1 / (1 + arma::exp(-logits)) - targets) / count, inputs);
    return arma::accu(softplus - targets % logits) / count;
  };
}

}  // namespace descent::conformance
