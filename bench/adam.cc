// SPDX-License-Identifier: MIT
// A step of the adam plugin on 1e6 weights, called as the trainer calls it, and a loop that
// reads and writes the same bytes with almost no arithmetic.
#include <benchmark/benchmark.h>

#include <armadillo>

#include "autograd/kernel.h"
#include "built.h"
#include "host/catalog.h"
#include "host/optimizer.h"

namespace descent {
namespace {

constexpr arma::uword weights = 1'000'000;
constexpr std::int64_t bytes = 7 * weights * sizeof(float);  // reads x, g, m, v; writes x, m, v

arma::fvec gradient() {
  arma::arma_rng::set_seed(1);
  return arma::fvec(weights, arma::fill::randn);
}

void ours(benchmark::State& state) {
  const host::Catalog catalog({built("plugins")});
  const host::Plugin& plugin = catalog.get(DESCENT_OPTIMIZER, "adam");
  const std::vector<descent_block> blocks;
  host::Optimizer<float> adam(plugin, plugin.settle({}).hyperparameters, weights, blocks,
                              1'000'000);
  const arma::fvec g = gradient();
  arma::fvec x(weights, arma::fill::zeros);
  for (auto _ : state) {
    adam.step(x, g, 1, 1, {});
    benchmark::DoNotOptimize(x.memptr());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * bytes);
}

DESCENT_KERNEL void stream(float* x, const float* g, float* m, float* v, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) {
    m[i] += g[i];
    v[i] += g[i];
    x[i] += g[i];
  }
}

void streaming(benchmark::State& state) {
  const arma::fvec g = gradient();
  arma::fvec x(weights, arma::fill::zeros), m = x, v = x;
  for (auto _ : state) {
    stream(x.memptr(), g.memptr(), m.memptr(), v.memptr(), weights);
    benchmark::DoNotOptimize(x.memptr());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * bytes);
}

BENCHMARK(ours);
BENCHMARK(streaming);

}  // namespace
}  // namespace descent
