// SPDX-License-Identifier: MIT
// Standard errors over test points: what a test set that is itself a sample adds to the standard
// errors of the parts. Internal to this floor.
#pragma once

#include <armadillo>

#include <vector>

#include "statistics/decomposition.h"
#include "statistics/grouped_accumulators.h"

namespace descent::statistics {

// The estimates at each test point times its weight, in the units of the result; empty for fewer
// than two points or replicates.
struct PointEstimates {
  arma::rowvec total, bias2, variance;
  PointWeights weights;
};
PointEstimates squared_points(const GroupedAccumulators& pool);
// q: the target; entropy_apart: whether bias2 leaves that of q out.
PointEstimates entropy_points(const GroupedAccumulators& pool, const arma::mat& q,
                              bool entropy_apart);

// Of the mean over test points. Without weights: sd over the root of their number.
PointErrors errors_of(const PointEstimates& points);

// The points are drawn into groups, so that the order of the test set does not matter.
std::vector<PointGroup> groups_of(const PointEstimates& points);

}  // namespace descent::statistics
