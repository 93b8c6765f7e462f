// SPDX-License-Identifier: MIT
// Writes the results of a comparison.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent::store {

// Replaces the rows of the family with this experiment, baseline, metrics and level.
void write_contrasts(SQLite::Database& database, const ContrastFamily& family);

}  // namespace descent::store
