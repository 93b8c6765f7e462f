// SPDX-License-Identifier: MIT
// Bringing what others trained into a store, 20 curve rows a run: parts of a job, with the
// store's ids and bytes checked by a hash; compared with merging the same runs as a store.
#include <benchmark/benchmark.h>

#include "folder.h"
#include "size.h"
#include "statistics/groups.h"
#include "store/merge.h"
#include "store/part.h"
#include "store/store.h"

namespace descent {
namespace {

const std::uint64_t replicates = size(1000, 20), points = size(20, 2);
const std::uint64_t epochs = 10;

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

// With all points, and if they are trained, with their runs.
void make(const std::string& path, bool is_trained) {
  auto store = store::Store::open(path);
  store::Store::Transaction transaction(store);
  const auto experiment = store.register_experiment({"bench", "", "bench.yaml", "", {"seed"}});
  for (std::uint64_t p = 0; p < points; ++p) {
    const auto id = store.add_point(point(experiment, p));
    if (!is_trained) continue;
    for (const auto& range : statistics::groups_of(replicates)) {
      store::ChunkRecord chunk{id, range.first, range.count, {}, {}};
      for (std::uint64_t r = 0; r < range.count; ++r) chunk.runs.push_back(run(range.first + r));
      store.write(chunk);
    }
    store.finish(id, replicates, {});
  }
  transaction.commit();
}

template <class Merge>
void measure(benchmark::State& state, Merge merge) {
  const Folder folder;
  make(folder.file("in.db"), true);
  store::save_part(folder.file("in.db"), folder.file("scratch"), folder.file("part.db"));
  std::uint64_t n = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto out = folder.file("out" + std::to_string(n++) + ".db");
    make(out, false);
    state.ResumeTiming();
    merge(folder, out);
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(points * replicates));
}

void part(benchmark::State& state) {
  measure(state, [](const Folder& folder, const std::string& out) {
    if (store::is_whole_part(folder.file("part.db")))
      store::PartMerger(out).merge(folder.file("part.db"));
  });
}

void whole_store(benchmark::State& state) {
  measure(state, [](const Folder& folder, const std::string& out) {
    store::merge(out, {folder.file("in.db")});
  });
}

BENCHMARK(part)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(whole_store)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
