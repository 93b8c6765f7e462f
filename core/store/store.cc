// SPDX-License-Identifier: MIT
#include "store/store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "store/bind.h"
#include "store/busy_wait.h"
#include "store/chunk_table.h"
#include "store/contrast_tables.h"
#include "store/database.h"
#include "store/fit_tables.h"
#include "store/mixed_builds.h"
#include "store/plan_tables.h"
#include "store/point_labels.h"
#include "store/run_tables.h"
#include "store/rung_table.h"
#include "store/schema.h"
#include "store/selection_tables.h"

namespace descent::store {

struct Store::Content {
  Content(std::string file, const StoreOptions& options)
      : path(std::move(file)),
        any_cpu(options.any_cpu),
        database(open_for_writing(path, options)),
        busy(database, path, options.busy_seconds),
        points(database),
        runs(database),
        replicates(database,
                   "SELECT replicate FROM runs WHERE point_id = ? AND replicate BETWEEN ? AND ? "
                   "ORDER BY replicate"),
        chunks(database),
        finished(database, "SELECT finished FROM points WHERE point_id = ?"),
        not_done(database,
                 "SELECT count(*) FROM runs WHERE point_id = ? AND replicate BETWEEN ? AND ? "
                 "AND status <> 'done' AND status <> 'pruned'"),
        rungs(database) {}

  std::string path;
  bool any_cpu;
  SQLite::Database database;
  BusyWait busy;
  PointTables points;
  RunTables runs;
  std::int64_t invocation = 0;  // the last that began here
  SQLite::Statement replicates;
  ChunkTable chunks;
  SQLite::Statement finished, not_done;
  RungTable rungs;
};

struct Store::Transaction::State {
  explicit State(Content& content)
      : path(content.path), transaction(content.database, SQLite::TransactionBehavior::IMMEDIATE) {}
  std::string path;
  SQLite::Transaction transaction;
};

Store::Store(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& path, double busy_seconds) {
  return open(path, StoreOptions{.busy_seconds = busy_seconds});
}

Store Store::open(const std::string& path, const StoreOptions& options) {
  return guarded(path, [&] { return Store(std::make_unique<Content>(path, options)); });
}

const std::string& Store::path() const { return content_->path; }

Store::Transaction::Transaction(Store& store)
    : state_(guarded(store.path(), [&] { return std::make_unique<State>(*store.content_); })) {}

Store::Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::Transaction::~Transaction() = default;

std::unique_ptr<Store::Transaction> Store::try_transaction() {
  return guarded(path(), [&]() -> std::unique_ptr<Transaction> {
    std::unique_ptr<Transaction::State> state;
    const auto begin = [&] { state = std::make_unique<Transaction::State>(*content_); };
    if (!content_->busy.attempt(begin)) return nullptr;
    return std::unique_ptr<Transaction>(new Transaction(std::move(state)));
  });
}

void Store::set_patience(double seconds, std::function<void(const std::string&)> tell) {
  content_->busy.set_patience(seconds, std::move(tell));
}

void Store::Transaction::commit() {
  guarded(state_->path, [&] { state_->transaction.commit(); });
}

template <class F>
auto Store::atomically(F&& f) {
  return guarded(path(), [&] {
    if (!sqlite3_get_autocommit(content_->database.getHandle())) return f(content_->database);
    SQLite::Transaction transaction(content_->database, SQLite::TransactionBehavior::IMMEDIATE);
    if constexpr (std::is_void_v<decltype(f(content_->database))>) {
      f(content_->database);
      transaction.commit();
    } else {
      auto result = f(content_->database);
      transaction.commit();
      return result;
    }
  });
}

std::int64_t Store::register_experiment(const ExperimentRecord& record) {
  return atomically(
      [&](auto& database) { return descent::store::register_experiment(database, record); });
}

void Store::describe_points(std::int64_t experiment_id) {
  atomically([&](auto& database) {
    note_differences(database, experiment_id);
    note_swept_values(database, experiment_id);
    write_point_labels(database, experiment_id);
  });
}

void Store::record(std::int64_t experiment_id, const std::vector<WarningRecord>& warnings) {
  atomically([&](auto& database) { write_warnings(database, experiment_id, warnings); });
}

std::int64_t Store::add_point(const PointRecord& record) {
  return atomically([&](auto&) { return content_->points.add(record); });
}

std::vector<std::uint64_t> Store::stored_replicates(std::int64_t point_id) {
  return stored_replicates(point_id, 0, runs_per_point);
}

std::vector<std::uint64_t> Store::stored_replicates(std::int64_t point_id, std::uint64_t first,
                                                    std::uint64_t count) {
  return guarded(path(), [&] {
    Binder{content_->replicates}(point_id)(first)(first + count - 1);
    return rows(content_->replicates,
                [](auto& row) { return std::uint64_t(row.getColumn(0).getInt64()); });
  });
}

std::vector<ChunkRange> Store::stored_chunks(std::int64_t point_id) {
  return guarded(path(), [&] { return content_->chunks.stored(point_id); });
}

std::optional<std::string> Store::chunk_piece(std::int64_t point_id, const ChunkRange& chunk,
                                              std::size_t number) {
  return guarded(path(), [&] { return content_->chunks.piece(point_id, chunk, number); });
}

bool Store::finished(std::int64_t point_id) {
  return guarded(path(), [&] {
    Binder{content_->finished}(point_id);
    return first(content_->finished) == 1;
  });
}

std::uint64_t Store::not_done(std::int64_t point_id) {
  return not_done(point_id, 0, runs_per_point);
}

std::uint64_t Store::not_done(std::int64_t point_id, std::uint64_t from, std::uint64_t count) {
  return guarded(path(), [&] {
    Binder{content_->not_done}(point_id)(from)(from + count - 1);
    return static_cast<std::uint64_t>(first(content_->not_done));
  });
}

void Store::drop_chunk(std::int64_t point_id, std::uint64_t first) {
  atomically([&](auto&) { content_->chunks.drop(point_id, first); });
}

bool Store::write(const ChunkRecord& chunk) {
  return atomically([&](auto&) {
    content_->runs.write(chunk, content_->invocation);
    return !chunk.pieces.empty() &&
           content_->chunks.write(chunk.point_id, {chunk.first, chunk.count}, chunk.pieces);
  });
}

void Store::finish(std::int64_t point_id, std::uint64_t replicates,
                   const std::vector<BiasVarianceRow>& rows, const FitRecord& fit) {
  atomically([&](auto& database) {
    content_->runs.finish(point_id, replicates, rows);
    write_fit(database, point_id, fit);
    content_->chunks.drop_all(point_id);
  });
}

void Store::forget(std::int64_t point_id) {
  atomically([&](auto& database) {
    content_->runs.forget(point_id);
    write_fit(database, point_id, {});
    content_->chunks.drop_all(point_id);
  });
}

void Store::remove_scratch_if_empty() {
  atomically([&](auto&) { content_->chunks.remove_file_if_empty(); });
}

std::optional<double> Store::rung_value(const RungRecord& rung) {
  return guarded(path(), [&] { return content_->rungs.value(rung); });
}

std::vector<RungChunk> Store::rung_chunks(const RungRecord& rung) {
  return guarded(path(), [&] { return content_->rungs.chunks(rung); });
}

void Store::write_rung_chunk(const RungRecord& rung, const RungChunk& chunk) {
  atomically([&](auto&) { content_->rungs.write(rung, chunk); });
}

void Store::write_rung(const RungRecord& rung) {
  atomically([&](auto&) { content_->rungs.write(rung); });
}

void Store::forget_rungs(std::int64_t point_id, std::uint64_t after_epoch) {
  atomically([&](auto&) { content_->rungs.forget(point_id, after_epoch); });
}

std::uint64_t Store::pruned_after(std::int64_t point_id) {
  return guarded(path(), [&] { return content_->rungs.pruned_after(point_id); });
}

void Store::forget_pruned(std::int64_t point_id) {
  atomically([&](auto&) { content_->rungs.forget_pruned(point_id); });
}

void Store::set_prune_reason(std::int64_t point_id, const std::string& reason) {
  atomically([&](auto&) { content_->rungs.set_prune_reason(point_id, reason); });
}

void Store::record(const ContrastFamily& family) {
  atomically([&](auto& database) { write_contrasts(database, family); });
}

void Store::record(const SelectionRecord& selection) {
  atomically([&](auto& database) { write_selection(database, selection); });
}

namespace {

bool is_mixed(SQLite::Database& database, const std::string& build) {
  SQLite::Statement query(database, mixed_builds({"main"}) + " WHERE build = ?");
  query.bind(1, build);
  return query.executeStep();
}

}  // namespace

std::int64_t Store::begin_invocation(const std::map<std::string, std::string>& facts) {
  return atomically([&](auto& database) {
    const auto invocation =
        integer(database, "SELECT coalesce(max(invocation), 0) + 1 FROM provenance");
    SQLite::Statement insert(database,
                             "INSERT INTO provenance VALUES (?, 'started_at', "
                             "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    Binder{insert}(invocation).exec();
    note(invocation, "sqlite", SQLite::getLibVersion());
    for (const auto& [key, value] : facts) note(invocation, key, value);
    const auto build = facts.find("build");
    if (!content_->any_cpu && build != facts.end() && is_mixed(database, build->second))
      throw StoreError({path(), 0, 0},
                       std::string("holds runs of this build with other arithmetic: ") +
                           mixed_arithmetic_remedy);
    content_->invocation = invocation;
    return invocation;
  });
}

void Store::note(std::int64_t invocation, const std::string& key, const std::string& value) {
  atomically([&](auto& database) {
    SQLite::Statement insert(database, "INSERT OR REPLACE INTO provenance VALUES (?, ?, ?)");
    Binder{insert}(invocation)(key)(value).exec();
  });
}

void Store::end_invocation(std::int64_t invocation) {
  atomically([&](auto& database) {
    SQLite::Statement insert(database,
                             "INSERT OR REPLACE INTO provenance VALUES (?, 'finished_at', "
                             "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    Binder{insert}(invocation).exec();
  });
}

}  // namespace descent::store
