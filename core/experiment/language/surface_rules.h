// SPDX-License-Identifier: MIT
// Which keys about data and layers may be combined with `data: {surface: ...}`.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Adds a problem for each key that does not apply on a surface, or applies on surfaces only. Looks
// only at what is whole; tree, the same point's, gives the places and tells what was written from
// what was filled in.
void check_surface(const nlohmann::json& configuration, const Node& tree,
                   std::vector<Problem>& problems);

}  // namespace descent::experiment
