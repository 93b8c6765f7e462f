// SPDX-License-Identifier: MIT
// Weights of test points: every mean over test points is sum(w x) / sum(w).
#pragma once

#include <armadillo>

namespace descent::statistics {

// One for each column of the predictions, of mean 1; empty: all 1. A mean of squared errors is
// weighted by adding up errors times the root of the weight; the others multiply each column's
// value by its weight.
using PointWeights = arma::rowvec;

inline double weight_of(const PointWeights& weights, arma::uword column) {
  return weights.is_empty() ? 1 : weights[column];
}

// prediction - target, each column times the root of its weight.
inline arma::mat weighted_errors(const arma::mat& prediction, const arma::mat& target,
                                 const PointWeights& weights) {
  arma::mat errors = prediction - target;
  if (!weights.is_empty()) errors.each_row() %= arma::sqrt(weights);
  return errors;
}

}  // namespace descent::statistics
