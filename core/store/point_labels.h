// SPDX-License-Identifier: MIT
// points.label: a short text that distinguishes an experiment's points. points.task: the values by
// which they may not be compared.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace descent::store {

// The values of one swept path, one for each point; empty where a point does not have the path.
struct SweptColumn {
  std::string path;
  std::vector<std::string> texts;
};

// "optimizer=adam, lr=0.01" for each point, of as few columns as distinguish all points. Paths are
// cut to the end that no other column shares, texts of more than 24 characters to their beginning.
// Points that this leaves equal get their number, from 0: "f=sin(x) + ... (7)". Columns come in the
// order of the file; of those that distinguish the same points the earlier is taken, unless its
// texts are long.
std::vector<std::string> point_labels(const std::vector<SweptColumn>& columns, std::size_t points);

// "data.csv.path=wine.csv, loss=mse" for each point: its values of the swept paths that decide the
// task (record/task.h), in full. Points of one experiment are of one task if their texts are equal.
std::vector<std::string> point_tasks(const std::vector<SweptColumn>& columns, std::size_t points);

// Writes the labels and tasks of the experiment's points that are not superseded. REQUIRES: the
// table swept_parameters holds their values.
void write_point_labels(SQLite::Database& database, std::int64_t experiment_id);

}  // namespace descent::store
