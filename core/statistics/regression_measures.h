// SPDX-License-Identifier: MIT
// How close predicted numbers are to their targets. Definitions and edge cases are those of
// scikit-learn (sklearn.metrics); of several rows, each measure is the mean over the rows.
#pragma once

#include <armadillo>

#include "statistics/point_weights.h"

namespace descent::statistics {

// Predictions and targets, k x n, with n > 0; weights of mean 1 or empty, as in point_weights.h.
struct PredictedNumbers {
  const arma::mat& prediction;
  const arma::mat& target;
  const PointWeights& weights;
};

double mean_squared_error(const PredictedNumbers& numbers);
double mean_absolute_error(const PredictedNumbers& numbers);
double root_mean_squared_error(const PredictedNumbers& numbers);  // the mean of the rows' roots

// 1 - sum w (y - p)^2 / sum w (y - mean y)^2. Of equal targets 1 without errors, else 0. NaN of a
// single sample.
double r2(const PredictedNumbers& numbers);

// 1 - Var(y - p) / Var(y), with the same values at equal targets.
double explained_variance(const PredictedNumbers& numbers);

// With weights the lower median: the least error up to which half of the weight lies.
double median_absolute_error(const PredictedNumbers& numbers);

}  // namespace descent::statistics
