// SPDX-License-Identifier: MIT
// Targets from which nothing can be learned.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace descent::data {

// A sentence for each target that is the same in all training rows, and for each class that is in
// none of them.
std::vector<std::string> poor_targets(const Dataset& training, const Names& names);

}  // namespace descent::data
