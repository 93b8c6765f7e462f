// SPDX-License-Identifier: MIT
// Whether the first row of a CSV file looks like a sample, which a file without a header loses.
#pragma once

#include <string>

#include "data/dataset.h"

namespace descent::data {

// What is odd about the names of the columns; "" when nothing is.
std::string odd_header(const Names& names);

}  // namespace descent::data
