// SPDX-License-Identifier: MIT
// Standard errors over test points: what a test set that is itself a sample adds to the standard
// errors of the parts. Internal to this floor.
#pragma once

#include <armadillo>

#include "statistics/decomposition.h"
#include "statistics/grouped_accumulators.h"

namespace descent::statistics {

// sd over test points of the estimates at each, over the root of their number; NaN for fewer than
// two points or replicates. q: the target; entropy_apart: whether bias2 leaves that of q out.
PointErrors squared_point_errors(const GroupedAccumulators& pool);
PointErrors entropy_point_errors(const GroupedAccumulators& pool, const arma::mat& q,
                                 bool entropy_apart);

}  // namespace descent::statistics
