// SPDX-License-Identifier: MIT
// The statistics that a query may use in addition to SQLite's functions: median, quantile, stddev,
// ci_low, ci_high and geomean, as aggregates and over windows, and log10 where SQLite lacks it.
#pragma once

#include <SQLiteCpp/Database.h>

namespace descent::store {

// For the lifetime of the connection. All of them ignore NULL, give NULL where the value is not
// defined (no value; one value for stddev and the interval), and fail on text and blobs. An
// infinity is a number: the largest or smallest of a quantile; of stddev and the interval it makes
// NULL.
void register_functions(SQLite::Database& database);

}  // namespace descent::store
