// SPDX-License-Identifier: MIT
// Axes, and the tree with axes as a grammar of points. A list or map offers the product of what its
// children offer, a grid the sum of its choices', linspace and logspace their values. So an axis
// below one choice of a grid varies only there.
#pragma once

#include <cstdint>
#include <vector>

#include "experiment/tree.h"

namespace descent::yaml {

// A map {grid: [...]}, {linspace: [a, b, n]} or {logspace: [a, b, n]} as the axis it is; any other
// map as it was. Malformed axes are added to problems.
Node as_axis(Node map, std::vector<Problem>& problems);

// Value i of a linspace or logspace. The ends are exact; between them values are rounded to 15
// digits, so that the 0.001 of {logspace: [1.0e-4, 1, 5]} is the number a person would write.
double axis_value(const Node& axis, std::uint64_t i);

// Point index of tree, 0 .. tree->count - 1, without axes: the last axis varies fastest.
Tree pick(const Tree& tree, std::uint64_t index);

// A smaller family of points in which every choice of every axis occurs: the first point, then for
// each axis its other values while all other axes rest at their first. Of a linspace or logspace
// with more than `most_steps` values, that many are taken, evenly, ends included.
inline constexpr std::uint64_t most_steps = 1000;
std::uint64_t star_count(const Tree& tree);
Tree star(const Tree& tree, std::uint64_t index);  // 0 .. star_count - 1

}  // namespace descent::yaml
