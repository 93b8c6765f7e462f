// SPDX-License-Identifier: MIT
// Storing runs of 20 curve rows each: ours as the engine does it, whole points in chunks, many to a
// transaction; beside it the same rows of the same schema through plain SQLite, prepared
// statements, write-ahead log, one transaction a run.
#include <SQLiteCpp/SQLiteCpp.h>
#include <benchmark/benchmark.h>

#include "folder.h"
#include "statistics/groups.h"
#include "store/schema.h"
#include "store/store.h"

namespace descent {
namespace {

constexpr std::uint64_t replicates = 1000, points = 10;  // of a transaction
constexpr std::uint64_t runs = replicates * points, epochs = 10;

RunRecord run(std::uint64_t replicate) {
  RunRecord record;
  record.replicate = replicate;
  record.epochs = record.steps = epochs;
  record.train_seconds = 1e-3;
  record.train_loss = record.test_loss = record.last_finite_loss = 0.1 + double(replicate);
  record.gradient_norm = record.weight_norm = 0.5;
  record.zero_weights = 0;
  for (std::uint64_t e = 1; e <= epochs; ++e) {
    record.curve.push_back({e, CurveMetric::train_loss, record.train_loss / double(e)});
    record.curve.push_back({e, CurveMetric::test_loss, record.test_loss / double(e)});
  }
  return record;
}

std::vector<ChunkRecord> chunks() {
  std::vector<ChunkRecord> all;
  for (const auto& range : groups_of(replicates)) {
    all.push_back({0, range.first, range.count, {}, {}});
    for (std::uint64_t r = 0; r < range.count; ++r) all.back().runs.push_back(run(range.first + r));
  }
  return all;
}

PointRecord point(std::int64_t experiment, std::uint64_t position) {
  PointRecord record;
  record.experiment_id = experiment;
  record.position = position;
  record.content_hash = record.configuration_hash = std::to_string(position);
  record.configuration = {{"seed", position}};
  record.parameters = {{"seed", position}};
  record.replicates = replicates;
  record.primary_metric = "mse";
  return record;
}

void count_runs(benchmark::State& state, std::uint64_t each) {
  state.SetItemsProcessed(state.iterations() * std::int64_t(each));
}

void ours(benchmark::State& state) {
  const Folder folder;
  auto store = Store::open(folder.file("ours.db"));
  const auto experiment = store.register_experiment({"bench", "", "bench.yaml", "", {"seed"}});
  auto all = chunks();
  std::uint64_t position = 0;
  for (auto _ : state) {
    Store::Transaction transaction(store);
    for (std::uint64_t p = 0; p < points; ++p) {
      const auto id = store.add_point(point(experiment, position++));
      for (auto& chunk : all) {
        chunk.point_id = id;
        store.write(chunk);
      }
      store.finish(id, 1, {});
    }
    transaction.commit();
  }
  count_runs(state, runs);
}

void bind(SQLite::Statement& insert, int column, double value) {
  if (value == value)
    insert.bind(column, value);
  else
    insert.bind(column);
}

void execute(SQLite::Statement& statement) {
  statement.exec();
  statement.reset();
}

void insert_run(SQLite::Statement& insert, std::int64_t id, const RunRecord& record) {
  insert.bind(1, id);
  insert.bind(2, std::int64_t(id / runs_per_point));
  insert.bind(3, std::int64_t(record.replicate));
  insert.bindNoCopy(4, "done");
  insert.bind(5);
  insert.bind(6, std::int64_t(record.epochs));
  insert.bind(7, std::int64_t(record.steps));
  int column = 8;
  for (const double value : {record.train_seconds, record.train_loss, record.test_loss,
                             record.penalty, record.train_accuracy, record.test_accuracy,
                             record.last_finite_loss, record.gradient_norm, record.weight_norm})
    bind(insert, column++, value);
  insert.bind(column, std::int64_t(*record.zero_weights));
  execute(insert);
}

void plain_sqlite(benchmark::State& state) {
  const Folder folder;
  SQLite::Database database(folder.file("plain.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(schema_sql);
  SQLite::Statement runs_insert(database,
                                "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  SQLite::Statement curve_insert(database, "INSERT INTO curve_rows VALUES (?,?,?,?)");
  std::uint64_t n = 0;
  std::vector<RunRecord> all;
  for (std::uint64_t r = 0; r < replicates; ++r) all.push_back(run(r));
  for (auto _ : state) {
    const auto& record = all[n % replicates];
    const std::int64_t id =
        std::int64_t(n / replicates + 1) * runs_per_point + std::int64_t(record.replicate);
    SQLite::Transaction transaction(database);
    insert_run(runs_insert, id, record);
    for (const auto& row : record.curve) {
      curve_insert.bind(1, id);
      curve_insert.bind(2, std::int64_t(row.epoch));
      curve_insert.bind(3, std::int64_t(row.metric));
      bind(curve_insert, 4, row.value);
      execute(curve_insert);
    }
    transaction.commit();
    ++n;
  }
  count_runs(state, 1);
}

BENCHMARK(ours)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(plain_sqlite)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
