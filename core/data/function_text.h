// SPDX-License-Identifier: MIT
// The text of a function of the inputs, for checks of an experiment file: without the matrices on
// which it is evaluated.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/expression.h"

namespace descent::data {

// x when there is one input, else x1 .. xd.
std::vector<std::string> input_names(std::uint64_t inputs);

// Throws Error naming the position and what is valid when the text does not parse.
Expression compile_function(const std::string& text, std::uint64_t inputs);

}  // namespace descent::data
