// SPDX-License-Identifier: MIT
#include "store/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "store/bind.h"
#include "store/chunk_table.h"
#include "store/database.h"
#include "store/foreign_store.h"
#include "store/mixed_builds.h"
#include "store/part.h"
#include "store/plan_tables.h"
#include "store/point_labels.h"
#include "store/schema.h"
#include "store/scratch_file.h"

namespace descent::store {
namespace {

enum class Kind { store, part };

// Merges one store, attached as `source`, into the main one.
//
// A part (part.h) was checked for damage by a hash of its own. It has the points of the main store
// under the same ids, decides nothing, and carries its accumulators in a table.
class Merger {
 public:
  Merger(SQLite::Database& database, std::string path, bool any_cpu, Kind kind)
      : database_(database), path_(std::move(path)), any_cpu_(any_cpu), kind_(kind) {}

  // The order matters: points refer to experiments, and everything else to points by `merged`, the
  // map of their ids. Conflicts are checked before any run is deleted or copied. Runs come
  // before provenance, which is kept only of points with new runs.
  MergeReport run() {
    MergeReport report;
    check_tables();
    check_arithmetic();
    check_names(database_, path_);
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    database_.exec(
        "CREATE TEMP TABLE merged (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, "
        "fresh INTEGER NOT NULL)");
    if (!is_part()) merge_experiments();
    report.points = merge_points();
    if (is_part()) check_ids();
    describe_points();
    supersede();
    check_conflicts();
    is_part() ? replace_pruned() : pass_over_pruned();
    choose_points_and_chunks();
    report.runs = merge_runs();
    merge_results();
    merge_chunks();
    merge_provenance();
    database_.exec("DROP TABLE merged; DROP TABLE whole; DROP TABLE part; DROP TABLE incoming");
    transaction.commit();
    return report;
  }

 private:
  // Refuses a view or a virtual table in place of one of our tables: it could compute anything.
  void check_tables() {
    if (!is_part()) check_pages(database_, path_, "source");
    for (const auto& table :
         texts(database_,
               "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT "
               "LIKE 'sqlite\\_%' ESCAPE '\\'")) {
      const auto same_kind = fmt::format(
          "SELECT count(*) FROM source.sqlite_schema WHERE type = 'table' AND name = {} AND sql "
          "NOT LIKE 'CREATE VIRTUAL%'",
          quoted_text(table));
      const auto lacking = fmt::format(
          "SELECT count(*) FROM (SELECT name FROM pragma_table_xinfo({0}, 'main') EXCEPT SELECT "
          "name FROM pragma_table_xinfo({0}, 'source'))",
          quoted_text(table));
      if (count(same_kind) == 1 && count(lacking) == 0) continue;
      throw StoreError({path_, 0, 0}, fmt::format("is not a whole store: its table '{}' is missing "
                                                  "or is not what it should be",
                                                  table));
    }
  }

  void check_arithmetic() {
    const auto mixed = fmt::format("SELECT count(*) FROM ({})", mixed_builds({"main", "source"}));
    if (any_cpu_ || count(mixed) == 0) return;
    throw StoreError({path_, 0, 0},
                     std::string("holds runs of a build with other arithmetic than those in the "
                                 "store merged into, and nothing of it was merged: ") +
                         mixed_arithmetic_remedy);
  }

  // "s.a, s.b" for the columns of a table, those of `without` left out.
  std::string columns(const std::string& table, const std::set<std::string>& without,
                      const std::string& alias = "s") {
    std::vector<std::string> kept;
    for (const auto& name :
         texts(database_, fmt::format("SELECT name FROM pragma_table_info('{}', 'main')", table)))
      if (!without.contains(name)) kept.push_back(alias + "." + name);
    return fmt::format("{}", fmt::join(kept, ", "));
  }

  // Out's description of an experiment stays; only swept paths and measures are added.
  void merge_experiments() {
    SQLite::Statement query(
        database_,
        "SELECT s.name, coalesce(m.description, s.description), coalesce(m.file, s.file), "
        "coalesce(m.source, s.source), s.swept, coalesce(m.report, s.report), "
        "s.measures FROM "
        "source.experiments s "
        "LEFT JOIN main.experiments m ON m.name = s.name ORDER BY s.experiment_id");
    std::vector<ExperimentRecord> records;
    while (query.executeStep()) {
      const auto text = [&](int column) { return query.getColumn(column).getString(); };
      records.push_back({text(0), text(1), text(2), text(3), nlohmann::json::parse(text(4)),
                         text(5), nlohmann::json::parse(text(6))});
    }
    query.reset();
    for (const auto& record : records) register_experiment(database_, record);
    database_.exec(
        "INSERT OR IGNORE INTO main.warnings SELECT m.experiment_id, w.place, w.text "
        "FROM source.warnings w JOIN source.experiments s USING (experiment_id) "
        "JOIN main.experiments m USING (name)");
  }

  // Known points keep their id of out; new ones get the next ids in the order of the source.
  std::uint64_t merge_points() {
    database_.exec(
        "INSERT INTO merged "
        "SELECT s.point_id, coalesce(m.point_id, (SELECT coalesce(max(point_id), 0) FROM "
        "       main.points) + row_number() OVER (PARTITION BY m.point_id ORDER BY s.point_id)), "
        "       m.point_id IS NULL "
        "FROM source.points s JOIN source.experiments se USING (experiment_id) "
        "JOIN main.experiments me ON me.name = se.name "
        "LEFT JOIN main.points m ON m.experiment_id = me.experiment_id "
        "                       AND m.configuration_hash = s.configuration_hash "
        "                       AND m.content_hash = s.content_hash");
    database_.exec(
        "INSERT INTO main.points (point_id, experiment_id, position, content_hash, "
        "configuration_hash, configuration, replicates, primary_metric) "
        "SELECT g.new, me.experiment_id, s.position, s.content_hash, s.configuration_hash, "
        "       s.configuration, s.replicates, s.primary_metric "
        "FROM merged g JOIN source.points s ON s.point_id = g.old "
        "JOIN source.experiments se USING (experiment_id) "
        "JOIN main.experiments me ON me.name = se.name WHERE g.fresh ORDER BY g.new");
    return count("SELECT count(*) FROM merged WHERE fresh");
  }

  void check_ids() {
    if (count("SELECT count(*) FROM merged WHERE fresh OR old <> new") == 0) return;
    throw StoreError({path_, 0, 0}, "has other points than the store that it is a part of");
  }

  bool is_part() const { return kind_ == Kind::part; }

  // Nothing to add where the points were there before.
  void describe_points() {
    if (is_part()) return;
    database_.exec(
        "INSERT OR IGNORE INTO main.plugins SELECT * FROM source.plugins;"
        "INSERT INTO main.point_plugins SELECT g.new, s.hash "
        "FROM merged g JOIN source.point_plugins s ON s.point_id = g.old WHERE g.fresh;"
        "INSERT OR IGNORE INTO main.rungs SELECT g.new, s.epoch, s.metric, s.replicates, s.value, "
        "  s.rank, s.points, s.kept FROM merged g JOIN source.rungs s ON s.point_id = g.old;"
        "INSERT OR IGNORE INTO main.inputs (kind, name, hash) SELECT kind, name, hash "
        "FROM source.inputs ORDER BY input_id;"
        "INSERT INTO main.point_inputs SELECT g.new, i.input_id "
        "FROM merged g JOIN source.point_inputs s ON s.point_id = g.old "
        "JOIN source.inputs si USING (input_id) "
        "JOIN main.inputs i ON (i.kind, i.name, i.hash) = (si.kind, si.name, si.hash) "
        "WHERE g.fresh");
    SQLite::Statement experiments(database_,
                                  "SELECT m.experiment_id FROM main.experiments m "
                                  "JOIN source.experiments s USING (name) ORDER BY 1");
    while (experiments.executeStep()) {
      const auto id = experiments.getColumn(0).getInt64();
      note_differences(database_, id);
      note_swept_values(database_, id);
      write_point_labels(database_, id);
    }
  }

  // A new point that was superseded in its store is superseded here, by the same point. Then a new
  // point that was current there supersedes the others of its configuration here.
  void supersede() {
    database_.exec(
        "UPDATE main.points AS p SET superseded_by = n.new "
        "FROM merged g JOIN source.points s ON s.point_id = g.old "
        "JOIN merged n ON n.old = s.superseded_by WHERE g.fresh AND p.point_id = g.new;"
        "UPDATE main.points AS p SET superseded_by = q.point_id "
        "FROM merged g JOIN source.points s ON s.point_id = g.old AND s.superseded_by IS NULL "
        "JOIN main.points q ON q.point_id = g.new "
        "WHERE g.fresh AND p.experiment_id = q.experiment_id "
        "  AND p.configuration_hash = q.configuration_hash AND p.point_id <> q.point_id "
        "  AND p.superseded_by IS NULL");
  }

  void check_conflicts() {
    const std::set<std::string> others = {"run_id", "point_id", "replicate", "train_seconds"};
    SQLite::Statement query(
        database_,
        fmt::format("SELECT count(*), me.name, min(r.point_id), s.replicate "
                    "FROM merged g JOIN source.runs s ON s.point_id = g.old "
                    "JOIN main.runs r ON r.run_id = g.new * {} + s.replicate "
                    "JOIN main.points p ON p.point_id = g.new "
                    "JOIN main.experiments me USING (experiment_id) "
                    "WHERE s.status <> 'pruned' AND r.status <> 'pruned' AND ({}) IS NOT ({})",
                    runs_per_point, columns("runs", others, "s"), columns("runs", others, "r")));
    query.executeStep();
    const auto conflicts = query.getColumn(0).getInt64();
    if (conflicts == 0) return;
    throw StoreError({path_, 0, 0},
                     fmt::format("{} of its runs have other results than the same runs in the "
                                 "store merged into; the first is replicate {} of point {} of "
                                 "'{}'. Nothing of this file was merged: keep the files apart, or "
                                 "train these points again with --fresh",
                                 conflicts, query.getColumn(3).getInt64(),
                                 query.getColumn(2).getInt64(), query.getColumn(1).getString()));
  }

  // Which points are pruned depends on the rest of the grid. So runs that were pruned in out give
  // way to those of a source where the point was not pruned and has at least as many replicates.
  void pass_over_pruned() {
    database_.exec(
        "CREATE TEMP TABLE passed AS SELECT DISTINCT g.new FROM merged g "
        "JOIN source.points s ON s.point_id = g.old AND s.finished "
        "JOIN main.points p ON p.point_id = g.new AND s.replicates >= p.replicates "
        "JOIN main.runs r ON r.point_id = g.new AND r.status = 'pruned' "
        "WHERE NOT EXISTS (SELECT 1 FROM source.runs o "
        "                  WHERE o.point_id = g.old AND o.status = 'pruned')");
    for (const auto table : tables_of_runs)
      database_.exec("DELETE FROM main." + std::string(table) +
                     " WHERE run_id IN (SELECT run_id FROM main.runs r JOIN passed p "
                     "ON r.point_id = p.new WHERE r.status = 'pruned')");
    database_.exec(
        "UPDATE main.points SET finished = 0 WHERE point_id IN (SELECT new FROM passed);"
        "DROP TABLE passed");
  }

  // Runs that were pruned at one rung give way to those pruned at another, and to those that were
  // trained to the end.
  void replace_pruned() {
    database_.exec(
        "CREATE TEMP TABLE passed AS SELECT DISTINCT r.run_id, r.point_id FROM source.runs s "
        "JOIN main.runs r ON r.point_id = s.point_id AND r.status = 'pruned' "
        "WHERE s.status <> 'pruned' OR s.epochs <> r.epochs");
    for (const std::string table : tables_of_runs)
      database_.exec("DELETE FROM main." + table + " WHERE run_id IN (SELECT run_id FROM passed)");
    database_.exec(
        "UPDATE main.points SET finished = 0 WHERE point_id IN (SELECT point_id FROM passed);"
        "DROP TABLE passed");
  }

  // whole: points finished there and not here. part: chunks of points not finished here that
  // overlap none of ours.
  void choose_points_and_chunks() {
    database_.exec(
        "CREATE TEMP TABLE whole AS SELECT g.old, g.new, s.replicates "
        "FROM merged g JOIN source.points s ON s.point_id = g.old "
        "JOIN main.points p ON p.point_id = g.new "
        "WHERE s.finished AND NOT p.finished AND s.replicates >= p.replicates;"
        "CREATE TEMP TABLE part AS SELECT g.old, g.new, s.first, s.count, s.bytes_at, s.size, "
        "s.hash "
        "FROM merged g JOIN source.chunks s ON s.point_id = g.old "
        "JOIN main.points p ON p.point_id = g.new "
        "WHERE NOT p.finished AND NOT EXISTS "
        "  (SELECT 1 FROM main.chunks c WHERE c.point_id = g.new "
        "   AND c.first < s.first + s.count AND s.first < c.first + c.count)");
  }

  std::uint64_t merge_runs() {
    database_.exec(fmt::format(
        "CREATE TEMP TABLE incoming (run_id INTEGER PRIMARY KEY, old INTEGER NOT NULL);"
        "INSERT INTO incoming SELECT w.new * {0} + s.replicate, s.run_id "
        "FROM whole w JOIN source.runs s ON s.point_id = w.old;"
        "INSERT INTO incoming SELECT p.new * {0} + s.replicate, s.run_id "
        "FROM part p JOIN source.runs s ON s.point_id = p.old "
        "  AND s.replicate >= p.first AND s.replicate < p.first + p.count;"
        "{1}"
        "DELETE FROM incoming WHERE run_id IN (SELECT run_id FROM main.runs);",
        runs_per_point,
        is_part() ? "INSERT OR IGNORE INTO incoming SELECT s.run_id, s.run_id FROM "
                    "source.runs s JOIN main.points p USING (point_id) WHERE NOT p.finished;"
                  : ""));
    if (is_part() &&
        count("SELECT count(*) FROM incoming") == count("SELECT count(*) FROM source.runs"))
      copy_all_runs();
    else
      copy_incoming_runs();
    return count("SELECT count(*) FROM incoming");
  }

  // The ids are the same: no join.
  void copy_all_runs() {
    for (const std::string table : tables_of_runs)
      database_.exec("INSERT INTO main." + table + " SELECT * FROM source." + table);
  }

  void copy_incoming_runs() {
    database_.exec(
        fmt::format("INSERT INTO main.runs SELECT i.run_id, i.run_id / {0}, i.run_id % {0}, {1} "
                    "FROM incoming i JOIN source.runs s ON s.run_id = i.old",
                    runs_per_point, columns("runs", {"run_id", "point_id", "replicate"})));
    for (const std::string_view table : tables_of_runs)
      if (table != "runs")
        database_.exec(
            fmt::format("INSERT INTO main.{0} SELECT i.run_id, {1} FROM incoming i "
                        "JOIN source.{0} s ON s.run_id = i.old",
                        table, columns(std::string(table), {"run_id"})));
  }

  void merge_results() {
    database_.exec(
        fmt::format("DELETE FROM main.chunks WHERE point_id IN (SELECT new FROM whole);"
                    "DELETE FROM main.bias_variance WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.bias_variance SELECT w.new, {} "
                    "FROM whole w JOIN source.bias_variance s ON s.point_id = w.old;"
                    "DELETE FROM main.effects WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.effects SELECT w.new, {} "
                    "FROM whole w JOIN source.effects s ON s.point_id = w.old;"
                    "DELETE FROM main.jackknife WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.jackknife SELECT w.new, {} "
                    "FROM whole w JOIN source.jackknife s ON s.point_id = w.old;"
                    "DELETE FROM main.point_groups WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.point_groups SELECT w.new, {} "
                    "FROM whole w JOIN source.point_groups s ON s.point_id = w.old;"
                    "DELETE FROM main.fits WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.fits SELECT w.new, {} "
                    "FROM whole w JOIN source.fits s ON s.point_id = w.old;"
                    "DELETE FROM main.replicate_fits WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.replicate_fits SELECT w.new, {} "
                    "FROM whole w JOIN source.replicate_fits s ON s.point_id = w.old;"
                    "DELETE FROM main.samples WHERE point_id IN (SELECT new FROM whole);"
                    "INSERT INTO main.samples SELECT w.new, {} "
                    "FROM whole w JOIN source.samples s ON s.point_id = w.old;"
                    "UPDATE main.points AS p SET finished = 1, replicates = w.replicates "
                    "FROM whole w WHERE p.point_id = w.new",
                    columns("bias_variance", {"point_id"}), columns("effects", {"point_id"}),
                    columns("jackknife", {"point_id"}), columns("point_groups", {"point_id"}),
                    columns("fits", {"point_id"}), columns("replicate_fits", {"point_id"}),
                    columns("samples", {"point_id"})));
  }

  // Accumulators that are lost are left out: their chunks are trained again.
  void merge_chunks() {
    if (is_part()) return merge_chunks_of_part();
    const ScratchFile source(std::filesystem::weakly_canonical(path_).string());
    ChunkTable chunks(database_);
    SQLite::Statement part(database_, "SELECT new, first, count, bytes_at, size, hash FROM part");
    while (part.executeStep()) {
      const auto number = [&](int column) { return part.getColumn(column).getInt64(); };
      const ChunkRange chunk{static_cast<std::uint64_t>(number(1)),
                             static_cast<std::uint64_t>(number(2))};
      if (const auto pieces = source.pieces({number(3), number(4), number(5)}))
        chunks.write(number(0), chunk, *pieces);
    }
  }

  void merge_chunks_of_part() {
    ChunkTable chunks(database_);
    SQLite::Statement part(database_,
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
    database_.exec(
        "INSERT OR REPLACE INTO main.rung_chunks SELECT s.* FROM source.rung_chunks s "
        "JOIN main.points p USING (point_id) WHERE NOT p.finished OR NOT EXISTS "
        "  (SELECT 1 FROM main.rungs r WHERE r.point_id = s.point_id AND r.metric = s.metric "
        "   AND r.replicates = p.replicates "
        "   AND (r.epoch = s.epoch OR (r.epoch < s.epoch AND NOT r.kept)))");
  }

  // Invocations have no identity of their own: those with the same facts are the same. Points with
  // new runs get the invocations that trained them.
  void merge_provenance() {
    const std::string facts =
        "(SELECT invocation, json_group_object(key, value) AS facts FROM (SELECT * FROM "
        "{}.provenance ORDER BY invocation, key) GROUP BY invocation)";
    const auto of = [&](const char* schema) { return fmt::format(fmt::runtime(facts), schema); };
    database_.exec(fmt::format(
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

  std::uint64_t count(const std::string& query) {
    return static_cast<std::uint64_t>(integer(database_, query));
  }

  SQLite::Database& database_;
  std::string path_;
  bool any_cpu_;
  Kind kind_;
};

void check_version(const std::string& path) {
  auto database = open_for_reading(path, 10);
  const auto version = guarded(path, [&] { return integer(database, "PRAGMA user_version"); });
  if (version != schema_version)
    throw StoreError({path, 0, 0},
                     fmt::format("has schema version {}, merging needs {}; any `descent run` with "
                                 "--db {} brings it there",
                                 version, schema_version, path));
}

// Detaches `source` at the end of the scope.
struct Attached {
  SQLite::Database& database;
  ~Attached() { database.tryExec("DETACH source"); }
};

StoreError refused(const std::string& path, const std::exception& error) {
  return {{path, 0, 0},
          fmt::format("holds what a store cannot hold, and nothing of it was merged: {}",
                      error.what())};
}

MergeReport merge_one(SQLite::Database& database, const std::string& out, const std::string& path,
                      bool any_cpu, Kind kind) {
  const auto source = uri(std::filesystem::absolute(path).string(), "mode=ro");
  return guarded(out, [&] {
    SQLite::Statement attach(database, "ATTACH ? AS source");
    attach.bind(1, source);
    attach.exec();
    attach.reset();
    const Attached attached{database};
    try {
      return Merger(database, path, any_cpu, kind).run();
    } catch (const SQLite::Exception& error) {
      const int code = error.getErrorCode();
      if (code == SQLITE_CORRUPT || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH ||
          code == SQLITE_ERROR || code == SQLITE_TOOBIG)
        throw refused(path, error);
      throw;
    } catch (const nlohmann::json::exception& error) {
      throw refused(path, error);
    }
  });
}

}  // namespace

MergeReport merge(const std::string& out, const std::vector<std::string>& in,
                  const StoreOptions& options) {
  // Errors are reported before anything is created or written, the target's first.
  namespace fs = std::filesystem;
  std::error_code unclear;  // then opening it says what is wrong
  if (fs::exists(out, unclear) || unclear) open_for_writing(out, options);
  for (const auto& path : in) {
    check_version(path);
    if (fs::equivalent(out, path, unclear))
      throw Error(fmt::format("'{}' is the store merged into; name the other stores only", path));
  }
  auto database = open_for_writing(out, options);
  MergeReport report;
  for (const auto& path : in) {
    const auto one = merge_one(database, out, path, options.any_cpu, Kind::store);
    report.points += one.points;
    report.runs += one.runs;
  }
  guarded(out, [&] {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    ChunkTable(database).remove_file_if_empty();
  });
  return report;
}

struct PartMerger::Content {
  std::string out;
  StoreOptions options;
  SQLite::Database database;
};

PartMerger::PartMerger(const std::string& out, const StoreOptions& options)
    : content_(std::make_unique<Content>(Content{out, options, open_for_writing(out, options)})) {}
PartMerger::~PartMerger() = default;

MergeReport PartMerger::merge(const std::string& part) {
  check_version(part);
  return merge_one(content_->database, content_->out, part, content_->options.any_cpu, Kind::part);
}

}  // namespace descent::store
