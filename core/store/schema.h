// SPDX-License-Identifier: MIT
// The text of schema.sql and views.sql, and the numbers by which a store is known.
#pragma once

namespace descent {

inline constexpr int schema_version = 4;              // PRAGMA user_version
inline constexpr int application_id = 0x64736e74;     // PRAGMA application_id: "dsnt"
inline constexpr long long runs_per_point = 1000000;  // run_id = point_id * this + replicate

extern const char* const schema_sql;  // tables and indexes
extern const char* const views_sql;   // views that belong to every store

}  // namespace descent
