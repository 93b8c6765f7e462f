// SPDX-License-Identifier: MIT
// The tables fits, replicate_fits and samples: what a point of one input and one output learned,
// over its input.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent::store {

// Replaces what is stored of the point; an empty record removes it.
void write_fit(SQLite::Database& database, std::int64_t point_id, const FitRecord& fit);

}  // namespace descent::store
