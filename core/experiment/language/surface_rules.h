// SPDX-License-Identifier: MIT
// What a file may say beside `data: {surface: ...}`, of all that is about data and layers.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Adds what means nothing on a surface, or means something on surfaces only. Looks only at what is
// whole; tree, the same point's, gives the places and tells what was written from what was filled
// in.
void check_surface(const nlohmann::json& configuration, const Node& tree,
                   std::vector<Problem>& problems);

}  // namespace descent::experiment
