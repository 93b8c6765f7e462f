// SPDX-License-Identifier: MIT
// The page of a grid of 1000 points: of 100,000 runs by the real program, and of a million.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "folder.h"
#include "program.h"
#include "size.h"

namespace descent {
namespace {

constexpr auto experiment = R"(experiment: grid
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 16, test: 16}}
model: {layers: [{linear: 1}]}
loss: mse
)";

std::string grid(std::uint64_t rates, std::uint64_t momenta) {
  const auto spaced = [](const char* end, std::uint64_t count) {
    return "{linspace: [0, " + std::string(end) + ", " + std::to_string(count) + "]}";
  };
  return "optimizer: {sgd: {lr: " + spaced("0.5", rates) +
         ", momentum: " + spaced("0.95", momenta) + "}}\n";
}

const Folder& folder() {
  static const Folder one;
  return one;
}

// A store with so many runs of each point, made once.
std::string store_with(std::int64_t replicates) {
  static std::map<std::int64_t, std::string> made;
  auto& store = made[replicates];
  if (!store.empty()) return store;
  const auto file = folder().file("grid.yaml");
  std::ofstream(file) << experiment << grid(size(50, 3), size(20, 2))
                      << "train: {epochs: 5, batch: full}\nreplicates: " << replicates << '\n';
  const auto path = folder().file(std::to_string(replicates) + ".db");
  if (run_program({"run", file, "--quiet", "--db", path})) store = path;
  return store;
}

void page(benchmark::State& state, std::int64_t replicates) {
  const auto store = store_with(replicates), html = folder().file("report.html");
  if (store.empty()) return state.SkipWithError("descent run failed");
  for (auto _ : state)
    if (!run_program({"report", store, "--output", html}))
      return state.SkipWithError("descent report failed");
  state.counters["page_kB"] = double(std::filesystem::file_size(html)) / 1000;
}

BENCHMARK_CAPTURE(page, hundred_thousand, std::int64_t(size(100, 3)))
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, million, std::int64_t(size(1000, 4)))
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
