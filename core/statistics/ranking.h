// SPDX-License-Identifier: MIT
// How well scores rank the samples of a class before the others, as in scikit-learn.
#pragma once

#include <armadillo>

#include "statistics/point_weights.h"

namespace descent::statistics {

// is_positive: 0 or 1 a score. NaN unless there are samples of both kinds. Equal scores are one
// threshold.

// The area under true positives over false positives: the probability that a positive sample has
// the higher score, where equal scores count half.
double roc_auc(const arma::rowvec& scores, const arma::urowvec& is_positive,
               const PointWeights& weights);

// The sum over thresholds of precision times the gain in recall.
double average_precision(const arma::rowvec& scores, const arma::urowvec& is_positive,
                         const PointWeights& weights);

}  // namespace descent::statistics
