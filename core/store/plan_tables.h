// SPDX-License-Identifier: MIT
// Writes what is known before anything runs: experiments, points, plugins, inputs.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent::store {

// Inserts or updates the experiment of that name, adds its swept paths, and makes its view.
std::int64_t register_experiment(SQLite::Database& database, const ExperimentRecord& record);

// Adds to the swept paths what differs between the points of earlier registrations and new ones, as
// after an edit of the file: else two rows would look alike. Call it after every registration.
void note_differences(SQLite::Database& database, std::int64_t experiment_id);

// Replaces the warnings of the experiment.
void write_warnings(SQLite::Database& database, std::int64_t experiment_id,
                    const std::vector<WarningRecord>& warnings);

// The values of the experiment's swept paths at all of its points, for the views.
void note_swept_values(SQLite::Database& database, std::int64_t experiment_id);

// Prepares the statements of points once: a grid has many.
class PointTables {
 public:
  explicit PointTables(SQLite::Database& database);

  // The row of this content, stored already or new. It becomes the current one of its
  // configuration: other rows of that configuration are superseded.
  std::int64_t add(const PointRecord& record);

 private:
  std::int64_t insert(const PointRecord& record);
  void insert_plugins(std::int64_t id, const PointRecord& record);
  void insert_inputs(std::int64_t id, const PointRecord& record);

  SQLite::Statement find_, last_, insert_, update_, supersede_, plugin_, link_, input_, link_input_;
};

}  // namespace descent::store
