// SPDX-License-Identifier: MIT
// A comparison as a person reads it, and as another program does.
#pragma once

#include <string>
#include <vector>

#include "engine/comparison.h"
#include "store/query.h"

namespace descent::cli {

// Points by their swept values, what their baselines have instead, and what the difference is.
// shown: the points of the rows, whichever experiment they are of.
store::Table short_table(const engine::Comparison& comparison,
                         const std::vector<store::ContrastRow>& rows,
                         const std::vector<store::StoredPoint>& shown);

// The columns of the view contrasts, its family apart.
store::Table whole_table(const engine::Comparison& comparison,
                         const std::vector<store::ContrastRow>& rows,
                         const std::vector<store::StoredPoint>& shown);

// What the short table's numbers mean, on one line.
std::string legend(const engine::Comparison& comparison);

// What makes a comparison less certain than it looks: a sentence each, with the points it concerns.
std::vector<std::string> warnings(const engine::Comparison& comparison);

}  // namespace descent::cli
