// SPDX-License-Identifier: MIT
// Lengths of blocks, for rules that measure a step against the weights it moves.
#pragma once

#include <armadillo>

namespace descent {

// The Euclidean length of all elements.
template <class T>
double length(const arma::Mat<T>& m) {
  return double(arma::norm(m, "fro"));
}

// The factor that makes a step as long as the weights; 1 where either has no length.
template <class T>
double trust(const arma::Mat<T>& weights, const arma::Mat<T>& step) {
  const double size = length(weights), way = length(step);
  return size > 0 && way > 0 ? size / way : 1;
}

}  // namespace descent
