// SPDX-License-Identifier: MIT
// Writing what is known before anything runs: experiments, points, parameters, plugins.
#pragma once

#include <SQLiteCpp/Database.h>

#include "store/records.h"

namespace descent {

// Inserts or updates the experiment of that name, adds its swept paths, makes its view.
std::int64_t register_experiment(SQLite::Database& database, const ExperimentRecord& record);

// The row of this content: there already, or new. It becomes the one its configuration stands for.
std::int64_t add_point(SQLite::Database& database, const PointRecord& record);

}  // namespace descent
