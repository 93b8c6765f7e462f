// SPDX-License-Identifier: MIT
// Merges runs, their results, chunks of accumulators, and provenance.
#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <vector>

#include "store/chunk_table.h"
#include "store/merge_steps.h"
#include "store/part.h"
#include "store/schema.h"
#include "store/scratch_file.h"

namespace descent::store {
namespace {

// The ids are the same: no join.
void copy_all_runs(const MergeSource& m) {
  for (const std::string table : tables_of_runs)
    m.database.exec(fmt::format("INSERT INTO main.{0} SELECT * FROM source.{0}", table));
}

void copy_incoming_runs(const MergeSource& m) {
  m.database.exec(
      fmt::format("INSERT INTO main.runs SELECT i.run_id, i.run_id / {0}, i.run_id % {0}, {1} "
                  "FROM incoming i JOIN source.runs s ON s.run_id = i.old",
                  runs_per_point, m.columns("runs", {"run_id", "point_id", "replicate"})));
  for (const std::string_view table : tables_of_runs)
    if (table != "runs")
      m.database.exec(
          fmt::format("INSERT INTO main.{0} SELECT i.run_id, {1} FROM incoming i "
                      "JOIN source.{0} s ON s.run_id = i.old",
                      table, m.columns(std::string(table), {"run_id"})));
}

void merge_chunks_of_part(const MergeSource& m) {
  ChunkTable chunks(m.database);
  SQLite::Statement part(m.database,
                         "SELECT p.new, p.first, p.count, a.bytes FROM part p JOIN source." +
                             std::string(accumulator_table) +
                             " a ON a.point_id = p.old AND a.first = p.first "
                             "ORDER BY p.new, p.first, a.number");
  std::int64_t point = 0;
  ChunkRange chunk;
  std::vector<std::string> pieces;
  const auto write = [&] {
    if (!pieces.empty()) chunks.write(point, chunk, pieces);
    pieces.clear();
  };
  while (part.executeStep()) {
    const auto number = [&](int column) { return part.getColumn(column).getInt64(); };
    const ChunkRange next{static_cast<std::uint64_t>(number(1)),
                          static_cast<std::uint64_t>(number(2))};
    if (number(0) != point || next.first != chunk.first) write();
    point = number(0);
    chunk = next;
    pieces.push_back(part.getColumn(3).getString());
  }
  write();
  m.database.exec(
      "INSERT OR REPLACE INTO main.rung_chunks SELECT s.* FROM source.rung_chunks s "
      "JOIN main.points p USING (point_id) WHERE NOT p.finished OR NOT EXISTS "
      "  (SELECT 1 FROM main.rungs r WHERE r.point_id = s.point_id AND r.metric = s.metric "
      "   AND r.replicates = p.replicates "
      "   AND (r.epoch = s.epoch OR (r.epoch < s.epoch AND NOT r.kept)))");
}

}  // namespace

// Which points are pruned depends on the rest of the grid. So runs that were pruned in out give
// way to those of a source where the point was not pruned and has at least as many replicates.
void pass_over_pruned(const MergeSource& m) {
  m.database.exec(
      "CREATE TEMP TABLE passed AS SELECT DISTINCT g.new FROM merged g "
      "JOIN source.points s ON s.point_id = g.old AND s.finished "
      "JOIN main.points p ON p.point_id = g.new AND s.replicates >= p.replicates "
      "JOIN main.runs r ON r.point_id = g.new AND r.status = 'pruned' "
      "WHERE NOT EXISTS (SELECT 1 FROM source.runs o "
      "                  WHERE o.point_id = g.old AND o.status = 'pruned')");
  for (const auto table : tables_of_runs)
    m.database.exec("DELETE FROM main." + std::string(table) +
                    " WHERE run_id IN (SELECT run_id FROM main.runs r JOIN passed p "
                    "ON r.point_id = p.new WHERE r.status = 'pruned')");
  m.database.exec(
      "UPDATE main.points SET finished = 0 WHERE point_id IN (SELECT new FROM passed);"
      "DROP TABLE passed");
}

// Runs that were pruned at one rung give way to those pruned at another, and to those that were
// trained to the end.
void replace_pruned(const MergeSource& m) {
  m.database.exec(
      "CREATE TEMP TABLE passed AS SELECT DISTINCT r.run_id, r.point_id FROM source.runs s "
      "JOIN main.runs r ON r.point_id = s.point_id AND r.status = 'pruned' "
      "WHERE s.status <> 'pruned' OR s.epochs <> r.epochs");
  for (const std::string table : tables_of_runs)
    m.database.exec("DELETE FROM main." + table + " WHERE run_id IN (SELECT run_id FROM passed)");
  m.database.exec(
      "UPDATE main.points SET finished = 0 WHERE point_id IN (SELECT point_id FROM passed);"
      "DROP TABLE passed");
}

// whole: points finished there and not here, or there with more replicates. part: chunks of points
// not finished here that overlap none of ours.
void choose_points_and_chunks(const MergeSource& m) {
  m.database.exec(
      "CREATE TEMP TABLE whole AS SELECT g.old, g.new, s.replicates "
      "FROM merged g JOIN source.points s ON s.point_id = g.old "
      "JOIN main.points p ON p.point_id = g.new "
      "WHERE s.finished AND s.replicates >= p.replicates "
      "  AND (NOT p.finished OR s.replicates > p.replicates);"
      "CREATE TEMP TABLE part AS SELECT g.old, g.new, s.first, s.count, s.bytes_at, s.size, "
      "s.hash "
      "FROM merged g JOIN source.chunks s ON s.point_id = g.old "
      "JOIN main.points p ON p.point_id = g.new "
      "WHERE NOT p.finished AND NOT EXISTS "
      "  (SELECT 1 FROM main.chunks c WHERE c.point_id = g.new "
      "   AND c.first < s.first + s.count AND s.first < c.first + c.count)");
}

std::uint64_t merge_runs(const MergeSource& m) {
  m.database.exec(fmt::format(
      "CREATE TEMP TABLE incoming (run_id INTEGER PRIMARY KEY, old INTEGER NOT NULL);"
      "INSERT INTO incoming SELECT w.new * {0} + s.replicate, s.run_id "
      "FROM whole w JOIN source.runs s ON s.point_id = w.old;"
      "INSERT INTO incoming SELECT p.new * {0} + s.replicate, s.run_id "
      "FROM part p JOIN source.runs s ON s.point_id = p.old "
      "  AND s.replicate >= p.first AND s.replicate < p.first + p.count;"
      "{1}"
      "DELETE FROM incoming WHERE run_id IN (SELECT run_id FROM main.runs);",
      runs_per_point,
      m.is_part() ? "INSERT OR IGNORE INTO incoming SELECT s.run_id, s.run_id FROM "
                    "source.runs s JOIN main.points p USING (point_id) WHERE NOT p.finished;"
                  : ""));
  if (m.is_part() &&
      m.count("SELECT count(*) FROM incoming") == m.count("SELECT count(*) FROM source.runs"))
    copy_all_runs(m);
  else
    copy_incoming_runs(m);
  return m.count("SELECT count(*) FROM incoming");
}

void merge_results(const MergeSource& m) {
  m.database.exec("DELETE FROM main.chunks WHERE point_id IN (SELECT new FROM whole)");
  for (const std::string table : {"bias_variance", "effects", "jackknife", "point_groups", "fits",
                                  "replicate_fits", "samples"})
    m.database.exec(
        fmt::format("DELETE FROM main.{0} WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.{0} SELECT w.new, {1} "
                    "FROM whole w JOIN source.{0} s ON s.point_id = w.old",
                    table, m.columns(table, {"point_id"})));
  m.database.exec(
      "UPDATE main.points AS p SET finished = 1, replicates = w.replicates "
      "FROM whole w WHERE p.point_id = w.new");
}

// Accumulators that are lost are left out: their chunks are trained again.
void merge_chunks(const MergeSource& m) {
  if (m.is_part()) return merge_chunks_of_part(m);
  const ScratchFile source(std::filesystem::weakly_canonical(m.path).string());
  ChunkTable chunks(m.database);
  SQLite::Statement part(m.database, "SELECT new, first, count, bytes_at, size, hash FROM part");
  while (part.executeStep()) {
    const auto number = [&](int column) { return part.getColumn(column).getInt64(); };
    const ChunkRange chunk{static_cast<std::uint64_t>(number(1)),
                           static_cast<std::uint64_t>(number(2))};
    if (const auto pieces = source.pieces({number(3), number(4), number(5)}))
      chunks.write(number(0), chunk, *pieces);
  }
}

// Invocations have no identity of their own: those with the same facts are the same. Points with
// new runs get the invocations that trained them.
void merge_provenance(const MergeSource& m) {
  const std::string facts =
      "(SELECT invocation, json_group_object(key, value) AS facts FROM (SELECT * FROM "
      "{}.provenance ORDER BY invocation, key) GROUP BY invocation)";
  const auto of = [&](const char* schema) { return fmt::format(fmt::runtime(facts), schema); };
  m.database.exec(fmt::format(
      "CREATE TEMP TABLE invocations AS "
      "SELECT s.invocation AS old, m.invocation AS new, m.invocation IS NULL AS fresh "
      "FROM {} s LEFT JOIN (SELECT min(invocation) AS invocation, facts FROM {} GROUP BY facts) "
      "m "
      "USING (facts);"
      "UPDATE invocations AS i SET new = (SELECT coalesce(max(invocation), 0) FROM "
      "  main.provenance) + (SELECT count(*) FROM invocations j WHERE j.fresh AND j.old <= "
      "i.old) "
      "WHERE i.fresh;"
      "INSERT INTO main.provenance SELECT i.new, s.key, s.value "
      "FROM invocations i JOIN source.provenance s ON s.invocation = i.old WHERE i.fresh;"
      "INSERT OR IGNORE INTO main.point_invocations SELECT g.new, i.new "
      "FROM (SELECT DISTINCT p.new, p.old FROM merged p JOIN incoming c "
      "      ON c.run_id BETWEEN p.new * {} AND p.new * {} + {}) g "
      "JOIN source.point_invocations s ON s.point_id = g.old "
      "JOIN invocations i ON i.old = s.invocation;"
      "DROP TABLE invocations",
      of("source"), of("main"), runs_per_point, runs_per_point, runs_per_point - 1));
}

}  // namespace descent::store
