// SPDX-License-Identifier: MIT
// Numbers of an experiment file that its dtype cannot hold.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Reports numbers that enter arithmetic in float32 and are too large for it. Data and features are
// computed in float64 and checked where they are converted (train/samples.h).
void check_dtype(const nlohmann::json& configuration, const Node& tree,
                 std::vector<Problem>& problems);

}  // namespace descent::experiment
