// SPDX-License-Identifier: MIT
// The values of random axes (grid/random_axis.h).
#pragma once

#include <cstdint>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// The value of draw k: of numbers 8 digits (uniform: of the range), between the ends and no other
// on another machine.
Tree random_value(const Node& axis, std::uint64_t k);

// Of a random axis, for each draw the first draw that has its value; empty when all differ.
std::vector<std::uint64_t> first_draws(const Node& axis);

}  // namespace descent::experiment
