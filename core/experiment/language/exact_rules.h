// SPDX-License-Identifier: MIT
// What `optimizer: exact` can solve, of all that a file may ask for.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "experiment/document/tree.h"
#include "host/catalog.h"

namespace descent::experiment {

// Adds what stands in the way of a direct solution, if the configuration asks for one. Looks only
// at what is whole; tree, the same point's, gives the places.
void check_exact(const nlohmann::json& configuration, const Node& tree,
                 const host::Catalog& catalog, std::vector<Problem>& problems);

}  // namespace descent::experiment
