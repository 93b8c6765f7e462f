// SPDX-License-Identifier: MIT
// One view per experiment: point_id, a column for every swept path, then the statistics of the
// view results, and of the measures that the experiment records.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>

namespace descent::store {

// The experiment's name with - as _, free of every table, view and SQL keyword of the store:
// "experiment_" goes before it as often as that takes, and before a leading digit.
std::string view_name(SQLite::Database& database, const std::string& experiment);

// Creates the view of an experiment, or creates it again when the swept paths have changed.
void make_experiment_view(SQLite::Database& database, std::int64_t experiment_id);
void make_experiment_views(SQLite::Database& database);

}  // namespace descent::store
