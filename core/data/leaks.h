// SPDX-License-Identifier: MIT
// Inputs that give the target away, or that are no inputs: found in a file before training.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/table.h"

namespace descent::data {

// Whole numbers, all of them different, which count the rows or are called an id.
bool looks_like_row_numbers(const Column& column);

// Names of the rows of data.features that are the target up to scale and sign.
std::vector<std::string> copies_of_target(const Dataset& data,
                                          const std::vector<std::string>& inputs);

// A sentence for each of these in the table and the training set from it. The only input of a
// file may be both: a line over time.
std::vector<std::string> leaks(const Table& table, const Dataset& training,
                               const std::vector<std::string>& inputs);

}  // namespace descent::data
