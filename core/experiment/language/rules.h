// SPDX-License-Identifier: MIT
// What no single value shows: combinations that cannot be trained.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "experiment/document/tree.h"
#include "host/catalog.h"

namespace descent::experiment {

// Formulas (text, inputs) found good already: compiling one takes longer than all other checks.
using Formulas = std::set<std::pair<std::string, std::uint64_t>>;

// Adds the combinations of a resolved configuration that cannot be trained; looks only at what is
// whole in it. tree, the same point's, gives the places. formulas may be shared between points.
void check_together(const nlohmann::json& configuration, const Node& tree,
                    const host::Catalog& catalog, Formulas& formulas,
                    std::vector<Problem>& problems);

}  // namespace descent::experiment
