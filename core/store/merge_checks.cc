// SPDX-License-Identifier: MIT
// What a store must be to be merged.
#include <fmt/format.h>

#include "base/quotes.h"
#include "store/bind.h"
#include "store/foreign_store.h"
#include "store/merge_steps.h"
#include "store/mixed_builds.h"
#include "store/schema.h"

namespace descent::store {

// Refuses a view or a virtual table in place of one of our tables: it could compute anything.
void check_tables(const MergeSource& m) {
  if (!m.is_part()) check_pages(m.database, m.path, "source");
  for (const auto& table :
       texts(m.database,
             "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT "
             "LIKE 'sqlite\\_%' ESCAPE '\\'")) {
    const auto same_kind = fmt::format(
        "SELECT count(*) FROM source.sqlite_schema WHERE type = 'table' AND name = {} AND sql "
        "NOT LIKE 'CREATE VIRTUAL%'",
        sql_text(table));
    const auto lacking = fmt::format(
        "SELECT count(*) FROM (SELECT name FROM pragma_table_xinfo({0}, 'main') EXCEPT SELECT "
        "name FROM pragma_table_xinfo({0}, 'source'))",
        sql_text(table));
    if (m.count(same_kind) == 1 && m.count(lacking) == 0) continue;
    throw StoreError(
        {m.path, 0, 0},
        fmt::format("is not a complete store: its table '{}' is missing or has another definition",
                    table));
  }
}

void check_arithmetic(const MergeSource& m, bool any_cpu) {
  const auto mixed = fmt::format("SELECT count(*) FROM ({})", mixed_builds({"main", "source"}));
  if (any_cpu || m.count(mixed) == 0) return;
  throw StoreError({m.path, 0, 0},
                   std::string("holds runs of a build with other arithmetic than those in the "
                               "store merged into, and nothing of it was merged: ") +
                       mixed_arithmetic_remedy);
}

void check_ids(const MergeSource& m) {
  if (m.count("SELECT count(*) FROM merged WHERE fresh OR old <> new") == 0) return;
  throw StoreError({m.path, 0, 0}, "has other points than the store that it is a part of");
}

void check_conflicts(const MergeSource& m) {
  const std::set<std::string> others = {"run_id", "point_id", "replicate", "train_seconds"};
  SQLite::Statement query(
      m.database,
      fmt::format("SELECT count(*), me.name, min(r.point_id), s.replicate "
                  "FROM merged g JOIN source.runs s ON s.point_id = g.old "
                  "JOIN main.runs r ON r.run_id = g.new * {} + s.replicate "
                  "JOIN main.points p ON p.point_id = g.new "
                  "JOIN main.experiments me USING (experiment_id) "
                  "WHERE s.status <> 'pruned' AND r.status <> 'pruned' AND ({}) IS NOT ({})",
                  runs_per_point, m.columns("runs", others, "s"), m.columns("runs", others, "r")));
  query.executeStep();
  const auto conflicts = query.getColumn(0).getInt64();
  if (conflicts == 0) return;
  throw StoreError({m.path, 0, 0},
                   fmt::format("{} of its runs have other results than the same runs in the "
                               "store merged into; the first is replicate {} of point {} of "
                               "'{}'. Nothing of this file was merged: keep the files apart, or "
                               "train these points again with --fresh",
                               conflicts, query.getColumn(3).getInt64(),
                               query.getColumn(2).getInt64(), query.getColumn(1).getString()));
}

}  // namespace descent::store
