// SPDX-License-Identifier: MIT
#include "store/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "store/chunk_table.h"
#include "store/database.h"
#include "store/foreign_store.h"
#include "store/merge_steps.h"
#include "store/schema.h"

namespace descent::store {

std::uint64_t MergeSource::count(const std::string& query) const {
  return static_cast<std::uint64_t>(integer(database, query));
}

std::string MergeSource::columns(const std::string& table, const std::set<std::string>& without,
                                 const std::string& alias) const {
  std::vector<std::string> kept;
  for (const auto& name :
       texts(database, fmt::format("SELECT name FROM pragma_table_info('{}', 'main')", table)))
    if (!without.contains(name)) kept.push_back(fmt::format("{}.{}", alias, name));
  return fmt::format("{}", fmt::join(kept, ", "));
}

namespace {

// The order matters: points refer to experiments, and everything else to points by `merged`, the
// map of their ids. Conflicts are checked before any run is deleted or copied. Runs come
// before provenance, which is kept only of points with new runs.
MergeReport merge_attached(const MergeSource& m, bool any_cpu) {
  MergeReport report;
  check_tables(m);
  check_arithmetic(m, any_cpu);
  check_names(m.database, m.path);
  SQLite::Transaction transaction(m.database, SQLite::TransactionBehavior::IMMEDIATE);
  m.database.exec(
      "CREATE TEMP TABLE merged (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, "
      "fresh INTEGER NOT NULL)");
  if (!m.is_part()) merge_experiments(m);
  report.points = merge_points(m);
  if (m.is_part()) check_ids(m);
  describe_points(m);
  supersede(m);
  check_conflicts(m);
  m.is_part() ? replace_pruned(m) : pass_over_pruned(m);
  choose_points_and_chunks(m);
  report.runs = merge_runs(m);
  merge_results(m);
  merge_chunks(m);
  merge_provenance(m);
  m.database.exec("DROP TABLE merged; DROP TABLE whole; DROP TABLE part; DROP TABLE incoming");
  transaction.commit();
  return report;
}

void check_version(const std::string& path) {
  auto database = open_for_reading(path, 10);
  const auto version = guarded(path, [&] { return integer(database, "PRAGMA user_version"); });
  if (version != schema_version)
    throw StoreError({path, 0, 0},
                     fmt::format("has schema version {}, merging needs {}; any `descent run` with "
                                 "--db {} migrates it",
                                 version, schema_version, path));
}

// Detaches `source` at the end of the scope.
struct Attached {
  SQLite::Database& database;
  ~Attached() { database.tryExec("DETACH source"); }
};

StoreError refused(const std::string& path, const std::exception& error) {
  return {{path, 0, 0},
          fmt::format("contains data that a store cannot contain, and nothing of it was merged: {}",
                      error.what())};
}

MergeReport merge_one(SQLite::Database& database, const std::string& out, const std::string& path,
                      bool any_cpu, MergeSource::Kind kind) {
  const auto source = uri(std::filesystem::absolute(path).string(), "mode=ro");
  return guarded(out, [&] {
    SQLite::Statement attach(database, "ATTACH ? AS source");
    attach.bind(1, source);
    attach.exec();
    attach.reset();
    const Attached attached{database};
    try {
      return merge_attached({database, path, kind}, any_cpu);
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
    const auto one = merge_one(database, out, path, options.any_cpu, MergeSource::Kind::store);
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
  return merge_one(content_->database, content_->out, part, content_->options.any_cpu,
                   MergeSource::Kind::part);
}

}  // namespace descent::store
