// SPDX-License-Identifier: MIT
// Short runs from end to end: `descent run` of 100,000 trainings of y = 5x + 7 that record 34 rows
// of curves each, by the real program, start, store and end included, with one worker and with two.
#include <benchmark/benchmark.h>

#include <fstream>

#include "folder.h"
#include "program.h"
#include "size.h"

namespace descent {
namespace {

const auto runs = std::int64_t(size(100'000, 300));
constexpr auto experiment = R"(experiment: runs
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 16}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: 0.1}}
train: {epochs: 5, batch: full}
record: {every: 1}
)";

void short_runs(benchmark::State& state) {
  const Folder folder;
  const auto file = folder.file("runs.yaml"), database = folder.file("runs.db");
  std::ofstream(file) << experiment << "replicates: " << runs << '\n';
  for (auto _ : state) {
    state.PauseTiming();
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(database + end);
    state.ResumeTiming();
    if (!run_program({"run", file, "--quiet", "--db", database, "--workers",
                      std::to_string(state.range(0))}))
      return state.SkipWithError("descent run failed");
  }
  state.SetItemsProcessed(state.iterations() * runs);
}

BENCHMARK(short_runs)->Arg(1)->Arg(2)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
