// SPDX-License-Identifier: MIT
// The numbers behind random axes: a sequence in [0, 1) for each path.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace descent::experiment {

enum class Sampler { random, halton, sobol };

// As many numbers for each path as there are draws. Number k of a path follows from sampler, seed,
// path and k; of halton and sobol, with dimensions that belong together, also from the path's
// position. The first of more draws are the same numbers. REQUIRES: at most
// most_dimensions(sampler) paths.
std::vector<std::vector<double>> unit_draws(Sampler sampler, std::uint64_t seed,
                                            const std::vector<std::string>& paths,
                                            std::uint64_t draws);

std::size_t most_dimensions(Sampler sampler);

}  // namespace descent::experiment
