// SPDX-License-Identifier: MIT
// How long `descent run` takes around the training: an experiment of one run of one epoch into a
// new store, from the start of the process to its end; and `descent --version`, the least any
// command takes.
#include <benchmark/benchmark.h>

#include <fstream>

#include "folder.h"
#include "program.h"

namespace descent {
namespace {

constexpr auto experiment = R"(experiment: start
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 256}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: sgd
train: {epochs: 1, batch: full}
replicates: 1
)";

void run(benchmark::State& state) {
  const Folder folder;
  const auto file = folder.file("start.yaml"), database = folder.file("start.db");
  std::ofstream(file) << experiment;
  for (auto _ : state) {
    state.PauseTiming();
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(database + end);
    state.ResumeTiming();
    if (!run_program({"run", file, "--db", database}))
      return state.SkipWithError("descent run failed");
  }
}

void version(benchmark::State& state) {
  for (auto _ : state)
    if (!run_program({"--version"})) return state.SkipWithError("descent --version failed");
}

BENCHMARK(run)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(version)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
