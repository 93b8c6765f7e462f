// SPDX-License-Identifier: MIT
// The steps of a merge, in their order (merge.cc).
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "store/database.h"

namespace descent::store {

// One store, attached to the database as `source`, that is merged into the main one. Its rows find
// theirs by temporary tables:
//   merged    points: id in the source (old) and here (new), and whether it is new here (fresh)
//   whole     points with all of their runs and results copied
//   part      chunks that are copied, of points that are finished neither here nor there
//   incoming  runs that are copied: id here (run_id) and in the source (old)
//
// A part (part.h) was checked for damage by a hash of its own. It has the points of the main store
// under the same ids, decides nothing, and carries its accumulators in a table.
struct MergeSource {
  enum class Kind { store, part };

  SQLite::Database& database;
  std::string path;
  Kind kind;

  bool is_part() const { return kind == Kind::part; }
  std::uint64_t count(const std::string& query) const;
  // "s.a, s.b" for the columns of a table, those of `without` left out.
  std::string columns(const std::string& table, const std::set<std::string>& without,
                      const std::string& alias = "s") const;
};

// Before anything is written: what the file is (merge_checks.cc). All throw StoreError.
void check_tables(const MergeSource& m);
void check_arithmetic(const MergeSource& m, bool any_cpu);
// Once `merged` is filled in.
void check_ids(const MergeSource& m);        // of a part
void check_conflicts(const MergeSource& m);  // runs of both with different results

// Experiments and points (merge_points.cc).
void merge_experiments(const MergeSource& m);
std::uint64_t merge_points(const MergeSource& m);  // the number of new ones
void describe_points(const MergeSource& m);
void supersede(const MergeSource& m);

// Runs and what was computed of them (merge_runs.cc).
void pass_over_pruned(const MergeSource& m);
void replace_pruned(const MergeSource& m);  // of a part
void choose_points_and_chunks(const MergeSource& m);
std::uint64_t merge_runs(const MergeSource& m);  // the number of new ones
void merge_results(const MergeSource& m);
void merge_chunks(const MergeSource& m);
void merge_provenance(const MergeSource& m);

}  // namespace descent::store
