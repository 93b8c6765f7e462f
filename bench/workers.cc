// SPDX-License-Identifier: MIT
// A grid of 1000 runs of about 2 ms each by the real program, start and store included, with one
// worker and with two.
#include <benchmark/benchmark.h>

#include <fstream>

#include "folder.h"
#include "program.h"
#include "size.h"

namespace descent {
namespace {

const auto replicates = std::int64_t(size(100, 2));
constexpr auto experiment = R"(experiment: workers
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 256}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: {linspace: [0.001, 0.01, 10]}}}
train: {epochs: 15000, batch: full}
record: {every: 1500}
)";

void grid(benchmark::State& state) {
  const Folder folder;
  const auto file = folder.file("workers.yaml"), database = folder.file("workers.db");
  std::ofstream(file) << experiment << "replicates: " << replicates << '\n';
  for (auto _ : state)
    if (!run_program({"run", file, "--fresh", "--db", database, "--workers",
                      std::to_string(state.range(0))}))
      return state.SkipWithError("descent run failed");
  state.SetItemsProcessed(state.iterations() * 10 * replicates);
}

BENCHMARK(grid)->Arg(1)->Arg(2)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
