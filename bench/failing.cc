// SPDX-License-Identifier: MIT
// A benchmark that reports an error in one of its repetitions, for failures_test.sh.
#include <benchmark/benchmark.h>

namespace {

void fails_once(benchmark::State& state) {
  static int calls = 0;
  for (auto _ : state) {
  }
  if (++calls == 2) state.SkipWithError("an error on purpose");
}
BENCHMARK(fails_once)->Iterations(1)->Repetitions(3);

}  // namespace
