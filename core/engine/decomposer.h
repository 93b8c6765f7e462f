// SPDX-License-Identifier: MIT
// Between training and statistics: what is decomposed of a point, and against which truth.
#pragma once

#include <armadillo>
#include <span>
#include <string>

#include "statistics/accumulator.h"
#include "statistics/decomposition.h"
#include "train/training.h"

namespace descent {

class Decomposer {
 public:
  // Looks at the test set of the training's source; training must outlive the decomposer.
  explicit Decomposer(const Training& training);

  // "mse" of predicted values, "nll" of predicted probabilities: also the store's word.
  std::string metric() const;

  Accumulator accumulator() const { return Accumulator(divergence_); }
  void add(Accumulator& to,
           const arma::mat& prediction) const;  // outputs x m, as the model gives it
  Decomposition decompose(std::span<const Accumulator> groups) const;

 private:
  descent_prediction kind_;
  Divergence divergence_;
  arma::mat target_;  // f where it is known, else y; of classes their probabilities
  DecompositionSettings settings_;
};

}  // namespace descent
