// SPDX-License-Identifier: MIT
// Bias and variance of all replicates, and of all but each group: the input of the jackknife.
// Internal to this floor.
#pragma once

#include <armadillo>
#include <vector>

#include "statistics/grouped_accumulators.h"

namespace descent::statistics {

// loss: the replicates' mean loss against the target.
struct BiasVariance {
  double loss, bias2, variance;
};

// The mean over test points of ebar^2 and of s^2 with the divisor R; they add up to the loss.
BiasVariance squared_error_plugin(const GroupedAccumulators& pool);
// The unbiased values; of a single replicate bias2 and variance are NaN.
BiasVariance squared_error(const GroupedAccumulators& pool);
std::vector<BiasVariance> squared_error_without_each(const GroupedAccumulators& pool);

// Plug-in values. q: the target probabilities. bias2 is the loss of the central prediction, the
// entropy of q included. The variance of a single replicate is 0.
BiasVariance cross_entropy(const GroupedAccumulators& pool, const arma::mat& q);
std::vector<BiasVariance> cross_entropy_without_each(const GroupedAccumulators& pool);

}  // namespace descent::statistics
