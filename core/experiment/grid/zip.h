// SPDX-License-Identifier: MIT
// `{grid: [...], zip: NAME}`: axes of one name advance together.
#pragma once

#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// Adds a problem for axes of one name that differ in length, and for a name that a single axis has.
void check_zips(const Tree& file, const Schema& schema, std::vector<Problem>& problems);

}  // namespace descent::experiment
