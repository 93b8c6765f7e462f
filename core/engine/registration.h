// SPDX-License-Identifier: MIT
// Enters the experiments and points of a plan into a store.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/assignment.h"
#include "engine/plan.h"
#include "store/store.h"

namespace descent::engine {

// Returns the ids of the points by their position in the plan; 0: not assigned, so not registered.
// fresh: forgets what is stored of them.
std::vector<std::int64_t> register_points(const Plan& plan, store::Store& store,
                                          const Assigned& assigned, bool fresh);

}  // namespace descent::engine
