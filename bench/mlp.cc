// SPDX-License-Identifier: MIT
// A step of multilayer perceptrons, mini-batches, ReLU, cross-entropy and Adam, float32, in the
// real trainer, and the bare matrix products the step cannot do without: forward, and both
// backward products of every layer but the first, as its input needs no gradient.
#include <benchmark/benchmark.h>

#include <armadillo>

#include "classes.h"
#include "folder.h"
#include "size.h"
#include "time_steps.h"

namespace descent {
namespace {

struct Shape {
  std::vector<arma::uword> units;  // inputs, hidden ..., classes
  arma::uword batch, batches;
  std::uint64_t epochs;
};

const Shape small{{64, 128, 10}, 32, 16, size(200, 2)};
const Shape large{{784, 512, 512, 10}, 128, size(4, 1), size(100, 2)};

void step(benchmark::State& state, const Shape& shape) {
  const Folder folder;
  write_classes(folder.file("samples.csv"), shape.batch * shape.batches, shape.units.front(),
                shape.units.back());
  train::Settings settings;
  settings.data = data::CsvSpec{.path = folder.file("samples.csv"),
                                .target = {"class"},
                                .test_path = "",
                                .truth = {},
                                .weight = "",
                                .noise = {}};
  for (std::size_t i = 1; i < shape.units.size(); ++i) {
    if (i > 1) settings.model.layers.push_back(relu());
    settings.model.layers.push_back(linear(shape.units[i]));
  }
  settings.train.epochs = shape.epochs;
  settings.train.batch = shape.batch;
  time_steps(state, settings, "cross_entropy", "adam");
}

void products(benchmark::State& state, const Shape& shape) {
  std::vector<arma::fmat> w, x{arma::fmat(shape.units[0], shape.batch, arma::fill::randn)}, dw, dx;
  for (std::size_t i = 1; i < shape.units.size(); ++i) {
    w.emplace_back(shape.units[i], shape.units[i - 1], arma::fill::randn);
    x.emplace_back(shape.units[i], shape.batch, arma::fill::randn);
  }
  dw = w;
  dx = x;
  for (auto _ : state) {
    for (std::size_t i = 0; i < w.size(); ++i) x[i + 1] = w[i] * x[i];
    for (std::size_t i = w.size(); i-- > 0;) {
      dw[i] = dx[i + 1] * x[i].t();
      if (i > 0) dx[i] = w[i].t() * dx[i + 1];
    }
    benchmark::DoNotOptimize(dw[0].memptr());
    benchmark::ClobberMemory();
  }
}

BENCHMARK_CAPTURE(step, mlp_64_128_10, small);
BENCHMARK_CAPTURE(products, mlp_64_128_10, small);
BENCHMARK_CAPTURE(step, mlp_784_512_512_10, large);
BENCHMARK_CAPTURE(products, mlp_784_512_512_10, large);

}  // namespace
}  // namespace descent
