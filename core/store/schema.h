// SPDX-License-Identifier: MIT
// The SQL of a new store, and the numbers that identify a store.
#pragma once

#include <string>
#include <vector>

#include "record/run.h"

namespace descent::store {

inline constexpr int schema_version = 1;           // PRAGMA user_version
inline constexpr int application_id = 0x64736e74;  // PRAGMA application_id: "dsnt"

using record::runs_per_point;
static_assert(runs_per_point == 1'000'000);  // as schema.sql has it

std::string schema_sql();  // tables and indexes
std::string views_sql();   // views that belong to every store

// SQL of what the values of a column are divided by before they are squared.
std::string scale_of(const std::string& column);
// SQL: whether the runs of the point p are independent, rather than in blocks that share draws.
std::string are_independent();
// SQL: test samples over training samples of the point p, where every replicate splits the file
// again and so shares samples with the others; else 0.
std::string test_over_training_sql();

// The columns of runs after run_id and point_id, as CREATE TABLE takes them.
std::vector<std::string> run_columns();

// The tables with rows that belong to a run, which run_id names; its own comes last.
inline constexpr const char* tables_of_runs[] = {
    "curve_rows",  "step_rows", "run_metrics", "confusion", "predictions", "notes",
    "checkpoints", "models",    "curve_costs", "weights",   "runs"};

}  // namespace descent::store
