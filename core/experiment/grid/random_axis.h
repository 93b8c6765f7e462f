// SPDX-License-Identifier: MIT
// Random axes: {uniform: [a, b]}, {loguniform: [a, b]}, {integers: [a, b]}, {logintegers: [a, b]},
// {choice: [...]}. All of a point's take their k-th draw together, a group of axes as zipped ones
// are.
#pragma once

#include <cstdint>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

inline constexpr std::uint64_t most_draws = 1'000'000;

// The file without its keys `draws` and `sampler`, and with its random axes as such. One is
// recognised where the language does not know its word: {uniform: [a, b]} is a distribution in
// data.synthetic.x and model.init, and an axis anywhere else. Draws follow from the file's seed, of
// an axis of seeds its first; an axis that is drawn needs `draws`, and the other way round.
// {integers: [a, b, n]} and {logintegers: [a, b, n]} are recognised in the same places, as grids.
Tree with_random_axes(const Tree& file, const Schema& schema, std::vector<Problem>& problems);

}  // namespace descent::experiment
