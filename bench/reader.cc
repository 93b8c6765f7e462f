// SPDX-License-Identifier: MIT
// A CSV file of numbers read into training and test set, in MB of file a second of processor time,
// next to pandas and DuckDB where Debian's Python has them. DESCENT_BENCH_CSV_MB: its size (200).
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "data/replicate_sampler.h"
#include "folder.h"
#include "size.h"

namespace descent {
namespace {

constexpr int columns = 21;

std::uint64_t file_size() {
  const char* const given = std::getenv("DESCENT_BENCH_CSV_MB");
  return size(given ? std::strtoull(given, nullptr, 10) * 1'000'000 : 200'000'000, 100'000);
}

// Numbers of 6, 11 and 16 digits, made once.
const std::string& csv_file() {
  static const Folder folder;
  static const std::string path = [] {
    const auto name = folder.file("numbers.csv");
    std::ofstream file(name);
    for (int k = 1; k < columns; ++k) file << 'x' << k << ',';
    file << "y\n";
    std::mt19937_64 engine(1);
    std::normal_distribution<double> normal;
    const auto whole = std::streamoff(file_size());
    while (file.tellp() < whole)
      for (int k = 0; k < columns; ++k) {
        char text[32];
        std::snprintf(text, sizeof text, "%.*g%c", 6 + k % 3 * 5, normal(engine),
                      k + 1 < columns ? ',' : '\n');
        file << text;
      }
    return name;
  }();
  return path;
}

struct Cost {
  double seconds = 0, peak = 0;  // of processor time; bytes
};

double seconds_of(const timeval& time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); }

// Of a process of its own, so that its memory can be measured; 0 seconds when it fails.
template <class Work>
Cost cost_of(const Work& work) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(work());
  int status = 0;
  rusage used{};
  if (pid < 0 || ::wait4(pid, &status, 0, &used) != pid || status != 0) return {};
  return {seconds_of(used.ru_utime) + seconds_of(used.ru_stime), 1024 * double(used.ru_maxrss)};
}

void report(benchmark::State& state, const Cost& cost) {
  const double bytes = double(std::filesystem::file_size(csv_file()));
  state.counters["MB_per_s"] = bytes / 1e6 / cost.seconds;
  state.counters["peak_MB"] = cost.peak / 1e6;
}

void ours(benchmark::State& state) {
  const auto path = csv_file();
  for (auto _ : state) {
    const auto cost = cost_of([&] {
      data::CsvSpec spec;
      spec.path = path;
      spec.target = {"y"};
      spec.test_fraction = 0.2;
      const data::ReplicateSampler sampler(data::DataSpec(spec), data::TargetKind::numbers,
                                           {data::Resample::none, 1}, 1);
      return sampler.inputs() == columns - 1 ? 0 : 1;
    });
    if (cost.seconds == 0) return state.SkipWithError("reading failed");
    state.SetIterationTime(cost.seconds);
    report(state, cost);
  }
}

int python(const std::string& program) {
  ::execl("/usr/bin/python3", "python3", "-c", program.c_str(), csv_file().c_str(), nullptr);
  return 1;
}

// What the interpreter and the library take by themselves is taken off.
void peer(benchmark::State& state, const char* import, const char* read) {
  const std::string head = std::string("import sys, ") + import + "\n";
  csv_file();
  for (auto _ : state) {
    const auto idle = cost_of([&] { return python(head); });
    if (idle.seconds == 0) {
      state.SetLabel(std::string(import) + " is not installed");
      state.SetIterationTime(1e-9);
      continue;
    }
    auto cost = cost_of([&] { return python(head + read); });
    if (cost.seconds == 0) return state.SkipWithError("reading failed");
    cost.seconds = std::max(1e-9, cost.seconds - idle.seconds);
    state.SetIterationTime(cost.seconds);
    report(state, cost);
  }
}

BENCHMARK(ours)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(peer, pandas, "pandas", "pandas.read_csv(sys.argv[1])")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(peer, pandas_exact, "pandas",
                  "pandas.read_csv(sys.argv[1], float_precision='round_trip')")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(peer, duckdb, "duckdb",
                  "c = duckdb.connect(); c.execute('SET threads = 1')\n"
                  "c.execute(f\"CREATE TABLE t AS SELECT * FROM read_csv_auto('{sys.argv[1]}')\")")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
