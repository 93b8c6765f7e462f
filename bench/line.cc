// SPDX-License-Identifier: MIT
// One step of the tutorial: y = 5x + 7, 256 points, full batch, MSE, SGD, float32: ours in the real
// trainer with the real plugins, a hand-written fused loop, and plain Armadillo.
#include <benchmark/benchmark.h>

#include <armadillo>

#include "time_steps.h"

namespace descent {
namespace {

constexpr arma::uword points = 256;
constexpr float rate = 1e-3f;  // the default of sgd

arma::frowvec inputs() { return arma::linspace<arma::frowvec>(0, 1, points); }
arma::frowvec targets() { return 5 * inputs() + 7; }

void ours(benchmark::State& state) {
  train::Settings settings;
  settings.data = data::SyntheticSpec{
      .function = {"5*x + 7"}, .x = {}, .noise = {}, .train = points, .test_x = {}};
  settings.model.layers = {linear(1)};
  settings.train.epochs = 50'000;
  time_steps(state, settings, "mse", "sgd");
}

void hand_written(benchmark::State& state) {
  const arma::frowvec x = inputs(), y = targets();
  const float *const px = x.memptr(), *const py = y.memptr();
  float w = 0, b = 0;
  for (auto _ : state) {
    float dw = 0, db = 0, loss = 0;
#pragma omp simd reduction(+ : dw, db, loss)
    for (arma::uword i = 0; i < points; ++i) {
      const float e = w * px[i] + b - py[i];
      loss += e * e;
      dw += e * px[i];
      db += e;
    }
    w -= rate * 2 / points * dw;
    b -= rate * 2 / points * db;
    benchmark::DoNotOptimize(loss / points);
  }
}

void plain_armadillo(benchmark::State& state) {
  const arma::frowvec x = inputs(), y = targets();
  float w = 0, b = 0;
  arma::frowvec e(points);
  for (auto _ : state) {
    e = w * x + b - y;
    const float loss = arma::dot(e, e) / points;
    w -= rate * 2 / points * arma::dot(e, x);
    b -= rate * 2 / points * arma::accu(e);
    benchmark::DoNotOptimize(loss);
  }
}

BENCHMARK(ours);
BENCHMARK(hand_written);
BENCHMARK(plain_armadillo);

}  // namespace
}  // namespace descent
