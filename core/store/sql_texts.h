// SPDX-License-Identifier: MIT
// Files that the library carries as they are.
#pragma once

namespace descent::store {

// schema.cc puts names into their braces.
extern const char* const schema_text;           // schema.sql
extern const char* const views_text;            // views.sql and analysis_views.sql
extern const char* const loss_statistics_text;  // loss_statistics.sql

extern const char* const results_page;  // docs/results.md

}  // namespace descent::store
