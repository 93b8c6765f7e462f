// SPDX-License-Identifier: MIT
// Writing what a comparison found.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent {

// The rows of the family with this experiment, baseline, metrics and level are these, and no
// others.
void write_contrasts(SQLite::Database& database, const ContrastFamily& family);

}  // namespace descent
