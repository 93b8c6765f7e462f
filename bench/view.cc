// SPDX-License-Identifier: MIT
// Asking the view of an experiment in a store of a million runs, 10,000 points of 100: all columns
// of the points of one swept value (100 of them), one column of these, and one column of all; and
// the leaderboard of all.
#include <benchmark/benchmark.h>

#include "folder.h"
#include "size.h"
#include "store/reader.h"
#include "store/store.h"

namespace descent {
namespace {

constexpr std::uint64_t rates = 100;
const std::uint64_t seeds = size(100, 2), replicates = size(100, 2);

store::PointRecord point(std::int64_t experiment, std::uint64_t position) {
  const double lr = double(position / seeds + 1) / rates;
  store::PointRecord record;
  record.experiment_id = experiment;
  record.position = position;
  record.content_hash = record.configuration_hash = std::to_string(position);
  record.configuration =
      nlohmann::json({{"optimizer", {{"name", "sgd"}, {"lr", lr}}}, {"seed", position % seeds}})
          .dump();
  record.replicates = replicates;
  record.primary_metric = "mse";
  return record;
}

store::ChunkRecord runs(std::int64_t point_id) {
  store::ChunkRecord chunk{point_id, 0, replicates, {}, {}};
  for (std::uint64_t r = 0; r < replicates; ++r) {
    record::Run run;
    run.replicate = r;
    run.epochs = run.steps = 10;
    run.train_loss = run.test_loss = double((r * 37 + std::uint64_t(point_id)) % 101);
    chunk.runs.push_back(run);
  }
  return chunk;
}

// Made once for all benchmarks.
const std::string& million() {
  static const Folder folder;
  static const std::string file = [] {
    auto store = store::Store::open(folder.file("view.db"));
    store::Store::Transaction transaction(store);
    const auto experiment =
        store.register_experiment({"rates", "", "rates.yaml", "", {"optimizer.lr", "seed"}});
    for (std::uint64_t i = 0; i < rates * seeds; ++i) {
      const auto id = store.add_point(point(experiment, i));
      store.write(runs(id));
      store.finish(id, 1, {});
    }
    store.describe_points(experiment);
    transaction.commit();
    return folder.file("view.db");
  }();
  return file;
}

void ask(benchmark::State& state, const char* sql, std::uint64_t expected) {
  auto reader = store::Reader::open(million());
  for (auto _ : state) {
    auto rows = reader.query(sql);
    std::uint64_t count = 0;
    for (std::vector<store::Value> row; rows.next(row);) ++count;
    if (count != expected) return state.SkipWithError("not the rows that were expected");
  }
}

BENCHMARK_CAPTURE(ask, all_columns_of_a_rate, "SELECT * FROM rates WHERE \"optimizer.lr\" = 0.01",
                  seeds)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, a_column_of_a_rate,
                  "SELECT test_loss_mean FROM rates WHERE \"optimizer.lr\" = 0.01", seeds)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, a_column_of_all, "SELECT test_loss_mean FROM rates", rates* seeds)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, leaderboard, "SELECT * FROM leaderboard", rates* seeds)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
