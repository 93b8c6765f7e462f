// SPDX-License-Identifier: MIT
// The number of replicates that a point needs until its standard errors are small enough.
#pragma once

#include <cstdint>

#include "engine/plan.h"
#include "statistics/decomposition.h"

namespace descent::engine {

// The number of replicates at which to check the errors again, given those of the first `so_far`:
// the number that the errors require, as they fall with its root, but at least one group more and
// at most twice as many. so_far itself when the errors are small enough, of least_growing groups,
// or when no more replicates are allowed. Depends only on these numbers, so that an interrupted
// point takes the same course.
std::uint64_t next_goal(const VariantPlan& point, const statistics::Decomposition& found,
                        std::uint64_t so_far);

// Whether the standard errors are as small as the point's `until` asks for; without one they are.
bool is_precise(const VariantPlan& point, const statistics::Decomposition& found);

}  // namespace descent::engine
