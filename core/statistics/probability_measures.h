// SPDX-License-Identifier: MIT
// How good predicted probabilities of classes are. Definitions are scikit-learn's where it has one.
#pragma once

#include <armadillo>
#include <vector>

#include "statistics/point_weights.h"

namespace descent::statistics {

// Probabilities of the classes and those of the target (one-hot of a class), C x n with n > 0.
struct PredictedProbabilities {
  const arma::mat& predicted;
  const arma::mat& target;
  const PointWeights& weights;
};

// Mean of -sum q log p. p is clipped to [e, 1 - e] with e = 2^-52, then divided by its sum.
double log_loss(const PredictedProbabilities& p);

// Mean of sum (p - q)^2 over all classes (Brier 1950): of two classes, twice that of class 1 alone.
double brier(const PredictedProbabilities& p);

// The expected calibration error (Guo et al. 2017, arXiv:1706.04599): over 15 bins ((b-1)/15, b/15]
// of the confidence, the largest probability, the sum of share of samples times |mean confidence -
// share of them predicted right|.
double calibration_error(const PredictedProbabilities& p);

// The share of samples with their class among the k most probable ones; of equal ones, the later in
// order.
double top_k_accuracy(const PredictedProbabilities& p, arma::uword k);

}  // namespace descent::statistics
