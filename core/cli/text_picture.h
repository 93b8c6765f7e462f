// SPDX-License-Identifier: MIT
// A picture in the terminal: lines and points as a text plot, all others as a table.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "report/picture.h"

namespace descent::cli {

// values: the columns that hold values to draw.
void print(const report::Picture& picture, const std::vector<std::string>& values,
           std::ostream& out);

}  // namespace descent::cli
