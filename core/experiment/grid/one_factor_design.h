// SPDX-License-Identifier: MIT
// A few of the points of a grid, in which every choice of every axis occurs.
#pragma once

#include <vector>

#include "experiment/grid/point_enumerator.h"

namespace descent::experiment {

// Of an axis of numbers between two ends with more values, that many are taken, evenly, ends
// included.
inline constexpr std::uint64_t most_steps = 1000;

// The first point, then for each axis or sum its other values while all others rest at their first,
// but for those that advance with it. A point may come twice.
std::vector<Coordinates> one_factor_coordinates(const Subgrid& root);

}  // namespace descent::experiment
