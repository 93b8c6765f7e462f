// SPDX-License-Identifier: MIT
// Writing what was chosen between the stages of an experiment.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent {

// In the place of an earlier selection of that experiment.
void write_selection(SQLite::Database& database, const SelectionRecord& selection);

}  // namespace descent
