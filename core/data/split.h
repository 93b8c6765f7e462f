// SPDX-License-Identifier: MIT
// Which rows of a file are held out of training.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "data/spec.h"
#include "data/table.h"

namespace descent::data {

using Rows = std::vector<std::uint64_t>;

// The remaining rows, and those held out: fraction * n of them, rounded to the nearest, half up,
// and at least one; one at least is left. Both keep the order of `rows`.
//   classes not empty   each class has its share of both, as nearly as whole rows allow (largest
//                       remainders); classes[i] is the class of row i of the table
//   spec.group          rows of one group stay together: whole groups, drawn until the next would
//                       be more than half beyond the number; one group at least on either side
//   spec.time           the last in time are held out
// Else rows are drawn. Throws Error for too few rows or groups; key: what to drop, for messages.
std::pair<Rows, Rows> split(const Table& table, const Rows& rows, double fraction,
                            const CsvSpec& spec, const std::vector<std::int64_t>& classes,
                            Random random, const char* key);

// Parts of the rows that are the test sets of one round of cross-validation: by classes, groups or
// at random as split(); consecutive in time with spec.time.
std::vector<Rows> folds(const Table& table, const Rows& rows, std::uint64_t count,
                        const CsvSpec& spec, const std::vector<std::int64_t>& classes,
                        Random random);

}  // namespace descent::data
