// SPDX-License-Identifier: MIT
// Writes the selections between the stages of an experiment.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent::store {

// Replaces an earlier selection of that experiment.
void write_selection(SQLite::Database& database, const SelectionRecord& selection);

}  // namespace descent::store
