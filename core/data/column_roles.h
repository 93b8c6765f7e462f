// SPDX-License-Identifier: MIT
// Which columns of a file are inputs, targets, weights ...: from the names and patterns of
// data.csv.
#pragma once

#include <cstddef>
#include <vector>

#include "base/error.h"
#include "data/column_builder.h"
#include "data/csv.h"
#include "data/spec.h"
#include "data/table.h"

namespace descent::data {

using Positions = std::vector<std::size_t>;

// Positions in the header, of each role.
struct ColumnRoles {
  Positions inputs, targets, truth, weight, group, time;
  std::vector<ColumnRole> input_roles;  // as inputs
};

// Throws Error where spec names no target, or one column for two roles.
void check_roles(const CsvSpec& spec);

// expected: the input columns of the training file; null for the training file itself. Adds to
// problems the columns that are missing, have no name, or are not expected.
ColumnRoles find_roles(const CsvReader& file, const CsvSpec& spec,
                       const std::vector<Column>* expected, Reading reading,
                       std::vector<Problem>& problems);

}  // namespace descent::data
