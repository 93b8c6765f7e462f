// SPDX-License-Identifier: MIT
// Storing runs of 20 curve rows each: ours as the engine does it, whole points in chunks, many to a
// transaction; compared with the same statements in a transaction for each run.
#include <SQLiteCpp/SQLiteCpp.h>
#include <benchmark/benchmark.h>

#include "folder.h"
#include "size.h"
#include "statistics/groups.h"
#include "store/run_tables.h"
#include "store/schema.h"
#include "store/store.h"

namespace descent {
namespace {

const std::uint64_t replicates = size(1000, 20), points = size(10, 2);  // of a transaction
const std::uint64_t runs = replicates * points, epochs = 10;

record::Run run(std::uint64_t replicate) {
  record::Run record;
  record.replicate = replicate;
  record.epochs = record.steps = epochs;
  record.train_seconds = 1e-3;
  record.train_loss = record.test_loss = record.last_finite_loss = 0.1 + double(replicate);
  record.gradient_norm = record.weight_norm = 0.5;
  record.zero_weights = 0;
  for (std::uint64_t e = 1; e <= epochs; ++e) {
    record.curve.push_back({e, record::Metric::train_loss, record.train_loss / double(e)});
    record.curve.push_back({e, record::Metric::test_loss, record.test_loss / double(e)});
  }
  return record;
}

std::vector<store::ChunkRecord> chunks() {
  std::vector<store::ChunkRecord> all;
  for (const auto& range : statistics::groups_of(replicates)) {
    all.push_back({0, range.first, range.count, {}, {}});
    for (std::uint64_t r = 0; r < range.count; ++r) all.back().runs.push_back(run(range.first + r));
  }
  return all;
}

store::PointRecord point(std::int64_t experiment, std::uint64_t position) {
  store::PointRecord record;
  record.experiment_id = experiment;
  record.position = position;
  record.content_hash = record.configuration_hash = std::to_string(position);
  record.configuration = nlohmann::json({{"seed", position}}).dump();
  record.replicates = replicates;
  record.primary_metric = "mse";
  return record;
}

void count_runs(benchmark::State& state, std::uint64_t each) {
  state.SetItemsProcessed(state.iterations() * std::int64_t(each));
}

void ours(benchmark::State& state) {
  const Folder folder;
  auto store = store::Store::open(folder.file("ours.db"));
  const auto experiment = store.register_experiment({"bench", "", "bench.yaml", "", {"seed"}});
  auto all = chunks();
  std::uint64_t position = 0;
  for (auto _ : state) {
    store::Store::Transaction transaction(store);
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

void transaction_a_run(benchmark::State& state) {
  const Folder folder;
  SQLite::Database database(folder.file("plain.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(store::schema_sql());
  store::RunTables tables(database);
  std::uint64_t n = 0;
  for (auto _ : state) {
    const store::ChunkRecord chunk{
        std::int64_t(1 + n / replicates), n % replicates, 1, {run(n % replicates)}, {}};
    SQLite::Transaction transaction(database);
    tables.write(chunk, 0);
    transaction.commit();
    ++n;
  }
  count_runs(state, 1);
}

BENCHMARK(ours)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(transaction_a_run)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
