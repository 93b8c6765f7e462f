// SPDX-License-Identifier: MIT
// How many replicates a point wants until its standard errors are small enough.
#pragma once

#include <cstdint>

#include "engine/plan.h"
#include "statistics/decomposition.h"

namespace descent {

// The number of replicates at which to look again, after a look at the first `so_far` of them: what
// the errors call for, as they fall with the root of that number; one chunk more at least, twice as
// many at most. so_far itself when the errors are small enough or no more are allowed. A function
// of the numbers alone, so that an interrupted point goes the same way.
std::uint64_t next_goal(const PlannedPoint& point, const Decomposition& found,
                        std::uint64_t so_far);

}  // namespace descent
