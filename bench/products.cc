// SPDX-License-Identifier: MIT
// The three products of a linear layer of d inputs and k outputs over a batch of n, float32, by
// plain loops and by OpenBLAS. The size from which BLAS is faster is small_product in
// autograd/products.h. Its loops are repeated here, because there the size selects loops or BLAS.
#include <benchmark/benchmark.h>

#include <armadillo>

namespace {

using arma::fmat;
using arma::uword;

// out = a b with elements a(i, p), b(p, j) as the functions say.
template <class A, class B>
void loops(fmat& out, uword inner, A a, B b) {
  for (uword j = 0; j < out.n_cols; ++j)
    for (uword i = 0; i < out.n_rows; ++i) {
      float sum = 0;
      for (uword p = 0; p < inner; ++p) sum += a(i, p) * b(p, j);
      out(i, j) = sum;
    }
}

struct Layer {
  explicit Layer(const benchmark::State& state)
      : w(uword(state.range(0)), uword(state.range(1)), arma::fill::randn),
        x(uword(state.range(1)), uword(state.range(2)), arma::fill::randn),
        y(w.n_rows, x.n_cols, arma::fill::randn) {}
  fmat w, x, y;
};

void forward_loops(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    loops(
        l.y, l.x.n_rows, [&](uword i, uword p) { return l.w(i, p); },
        [&](uword p, uword j) { return l.x(p, j); });
    benchmark::ClobberMemory();
  }
}

void forward_blas(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    l.y = l.w * l.x;
    benchmark::ClobberMemory();
  }
}

void weights_loops(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    loops(
        l.w, l.y.n_cols, [&](uword i, uword p) { return l.y(i, p); },
        [&](uword p, uword j) { return l.x(j, p); });
    benchmark::ClobberMemory();
  }
}

void weights_blas(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    l.w = l.y * l.x.t();
    benchmark::ClobberMemory();
  }
}

void inputs_loops(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    loops(
        l.x, l.y.n_rows, [&](uword i, uword p) { return l.w(p, i); },
        [&](uword p, uword j) { return l.y(p, j); });
    benchmark::ClobberMemory();
  }
}

void inputs_blas(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) {
    l.x = l.w.t() * l.y;
    benchmark::ClobberMemory();
  }
}

void shapes(benchmark::internal::Benchmark* all) {
  all->ArgNames({"k", "d", "n"});
  for (const auto& shape : {std::vector<std::int64_t>{1, 2, 4},  // 8 multiply-adds
                            {1, 4, 4},
                            {2, 2, 4},  // 16
                            {1, 4, 8},
                            {2, 4, 4},  // 32
                            {1, 4, 16},
                            {4, 4, 4},  // 64
                            {1, 4, 32},
                            {4, 4, 8},  // 128
                            {1, 8, 32},
                            {4, 8, 8},  // 256
                            {1, 16, 32},
                            {8, 8, 8},     // 512
                            {16, 4, 32}})  // 2048
    all->Args(shape);
}

BENCHMARK(forward_loops)->Apply(shapes);
BENCHMARK(forward_blas)->Apply(shapes);
BENCHMARK(weights_loops)->Apply(shapes);
BENCHMARK(weights_blas)->Apply(shapes);
BENCHMARK(inputs_loops)->Apply(shapes);
BENCHMARK(inputs_blas)->Apply(shapes);

}  // namespace
