// SPDX-License-Identifier: MIT
// `descent plan` of a grid of a million points by the real program: of hyperparameters, and of a
// thousand seeds, which have data of their own; and of one point, what any plan takes. The estimate
// of the running time, a trial of five runs, is part of it.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <fstream>

#include "folder.h"
#include "program.h"

namespace descent {
namespace {

constexpr auto experiment = R"(experiment: plan
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 256}}
model: {layers: [{linear: 1}]}
loss: mse
train: {epochs: 10, batch: full}
)";

void plan(benchmark::State& state, const char* axes) {
  const Folder folder;
  const auto file = folder.file("plan.yaml");
  std::ofstream(file) << experiment << axes;
  for (auto _ : state)
    if (!run_program({"plan", file, "--db", folder.file("none.db")}))
      return state.SkipWithError("descent plan failed");
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);  // of the largest so far
  state.counters["peak_MB"] = double(used.ru_maxrss) / 1024;
}

BENCHMARK_CAPTURE(plan, one_point, "optimizer: sgd\n")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(
    plan, million_hyperparameters,
    "optimizer: {sgd: {lr: {logspace: [0.001, 1, 1000]}, momentum: {linspace: [0, 0.9, "
    "1000]}}}\n")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(
    plan, million_with_seeds,
    "optimizer: {sgd: {lr: {logspace: [0.001, 1, 1000]}}}\nseed: {linspace: [1, 1000, "
    "1000]}\n")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
