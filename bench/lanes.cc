// SPDX-License-Identifier: MIT
// Would training replicates side by side be faster? 100 replicates of one small point, one after
// the other in the real trainer, and a prototype written for this point alone: weights and
// activations replicate-innermost, so that every multiply-add works on 16 replicates.
#include <benchmark/benchmark.h>

#include <armadillo>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "autograd/unary.h"
#include "built.h"
#include "data/batches.h"
#include "size.h"
#include "time_steps.h"
#include "train/samples.h"

namespace descent {
namespace {

constexpr arma::uword inputs = 10, wide = 16, narrow = 8, batch = 32, samples = 256;
constexpr std::uint64_t replicates = 100;
const std::uint64_t epochs = size(100, 3), steps = epochs * samples / batch;
constexpr std::size_t lanes = 16;  // of a block: a vector of AVX-512
constexpr double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;  // the defaults of adam

// One point, with the inputs that the trainer and the lanes share.
struct Point {
  train::Settings settings;
  std::shared_ptr<const data::ReplicateSampler> source;
  train::Training training;
};

// How many of the replicates may end elsewhere: where rounding decides on which side of ReLU's kink
// an input falls, two trainings part.
struct Tanh {
  static constexpr std::uint64_t may_part = 0;
  static constexpr auto kind = nn::LayerSpec::Kind::tanh;
  static float value(float x) { return autograd::Tanh{}.value(x); }
  static float slope(float y) { return 1 - y * y; }
};
struct Relu {
  static constexpr std::uint64_t may_part = 5;
  static constexpr auto kind = nn::LayerSpec::Kind::relu;
  static float value(float x) { return x < 0 ? 0 : x; }
  static float slope(float y) { return y > 0 ? 1 : 0; }
};

template <class Activation>
Point point() {
  const host::Catalog catalog({built("plugins")});
  train::Settings s;
  s.data = data::SyntheticSpec{.function = {"sin(3*x1) + x2*x3 - x4 + x5^2 + x6*x7 - x8*x9*x10"},
                               .dims = inputs,
                               .x = {data::InputSpec::Kind::normal, 0, 1},
                               .noise = {data::NoiseSpec::Kind::normal, 0.1},
                               .train = samples,
                               .test_x = {}};
  const nn::LayerSpec activation{Activation::kind, 0, true, 0};
  s.model.layers = {linear(wide), activation, linear(narrow), activation, linear(1)};
  s.train.epochs = epochs;
  s.train.batch = batch;
  s.record.every = epochs;
  s.replicates.count = replicates;
  s.loss.plugin = {"mse", {}};
  s.optimizer = {"adam", catalog.get(DESCENT_OPTIMIZER, "adam").settle({}).hyperparameters};
  const auto source = std::make_shared<data::ReplicateSampler>(s.data, data::TargetKind::numbers,
                                                               s.replicates.resample, s.seed);
  return {s, source, train::Training(s, source, catalog)};
}

// Training losses of all replicates.
arma::vec train_one_by_one(const Point& point) {
  arma::vec losses(replicates);
  for (std::uint64_t r = 0; r < replicates; ++r) losses(r) = point.training.run(r, {}).train_loss;
  return losses;
}

using Vector = float __attribute__((vector_size(lanes * sizeof(float))));
template <std::size_t size>
using Lanes = std::array<Vector, size>;

// The offsets of the parts of the flat vector, as in Model; matrices are column-major.
constexpr std::size_t w0 = 0, w1 = w0 + wide * inputs, w2 = w1 + narrow * wide, b0 = w2 + narrow,
                      b1 = b0 + wide, b2 = b1 + narrow, parameters = b2 + 1;

struct Block {
  Lanes<parameters> x{}, gradient{}, mean{}, square{};
  Lanes<batch * inputs> features{};  // a sample's values follow each other in all of these
  Lanes<batch * wide> h1{}, d1{};
  Lanes<batch * narrow> h2{}, d2{};
  Lanes<batch> prediction{}, d3{}, target{};
};

template <class F, std::size_t... I>
void unrolled(F&& f, std::index_sequence<I...>) {
  (f(std::integral_constant<std::size_t, I>()), ...);
}
template <std::size_t count, class F>
void unrolled(F&& f) {
  unrolled(f, std::make_index_sequence<count>());
}

constexpr std::size_t tile(std::size_t n) { return n % 4 == 0 ? 4 : n % 5 == 0 ? 5 : 1; }

// c[i * c_row + j * c_column] = start of j + sum over k of a[i * a_row + k * a_k] *
// b[j * b_column + k * b_k]: the products of all layers, in tiles that stay in registers.
template <std::size_t rows, std::size_t columns, std::size_t depth, std::size_t a_row,
          std::size_t a_k, std::size_t b_column, std::size_t b_k, std::size_t c_row,
          std::size_t c_column>
void product(const Vector* a, const Vector* b, const Vector* start, Vector* c) {
  constexpr std::size_t high = tile(rows), broad = tile(columns);
  for (std::size_t i0 = 0; i0 < rows; i0 += high)
    for (std::size_t j0 = 0; j0 < columns; j0 += broad) {
      Vector sum[high * broad];
      unrolled<high * broad>([&](auto t) {
        if (start)
          sum[t] = start[j0 + t % broad];
        else
          sum[t] = Vector{};
      });
      for (std::size_t k = 0; k < depth; ++k)
        unrolled<high * broad>([&](auto t) {
          sum[t] +=
              a[(i0 + t / broad) * a_row + k * a_k] * b[(j0 + t % broad) * b_column + k * b_k];
        });
      unrolled<high * broad>(
          [&](auto t) { c[(i0 + t / broad) * c_row + (j0 + t % broad) * c_column] = sum[t]; });
    }
}

template <std::size_t out, std::size_t in>
void layer(const Vector* w, const Vector* bias, const Vector* x, Vector* y) {
  product<batch, out, in, in, 1, 1, out, out, 1>(x, w, bias, y);
}
template <std::size_t out, std::size_t in>
void pull_input(const Vector* w, const Vector* dy, Vector* dx) {
  product<batch, in, out, out, 1, out, 1, in, 1>(dy, w, nullptr, dx);
}
template <std::size_t out, std::size_t in>
void pull_weights(const Vector* x, const Vector* dy, Vector* dw, Vector* dbias) {
  product<in, out, batch, 1, in, 1, out, out, 1>(x, dy, nullptr, dw);
  for (std::size_t o = 0; o < out; ++o) {
    Vector sum{};
    for (std::size_t s = 0; s < batch; ++s) sum += dy[s * out + o];
    dbias[o] = sum;
  }
}

template <std::size_t size>
float* flat(Lanes<size>& x) {
  return reinterpret_cast<float*>(x.data());
}

template <class Activation, std::size_t size>
void activate(Lanes<size>& x) {
  float* const p = flat(x);
#pragma omp simd
  for (std::size_t i = 0; i < size * lanes; ++i) p[i] = Activation::value(p[i]);
}
template <class Activation, std::size_t size>
void pull_activation(Lanes<size>& y, Lanes<size>& d) {
  const float* const p = flat(y);
  float* const q = flat(d);
#pragma omp simd
  for (std::size_t i = 0; i < size * lanes; ++i) q[i] *= Activation::slope(p[i]);
}

template <class Activation>
DESCENT_KERNEL void predict(Block& b) {
  layer<wide, inputs>(&b.x[w0], &b.x[b0], b.features.data(), b.h1.data());
  activate<Activation>(b.h1);
  layer<narrow, wide>(&b.x[w1], &b.x[b1], b.h1.data(), b.h2.data());
  activate<Activation>(b.h2);
  layer<1, narrow>(&b.x[w2], &b.x[b2], b.h2.data(), b.prediction.data());
}

template <class Activation>
DESCENT_KERNEL void differentiate(Block& b) {
  for (std::size_t s = 0; s < batch; ++s)
    b.d3[s] = (b.prediction[s] - b.target[s]) * (2.0f / float(batch));
  pull_weights<1, narrow>(b.h2.data(), b.d3.data(), &b.gradient[w2], &b.gradient[b2]);
  pull_input<1, narrow>(&b.x[w2], b.d3.data(), b.d2.data());
  pull_activation<Activation>(b.h2, b.d2);
  pull_weights<narrow, wide>(b.h1.data(), b.d2.data(), &b.gradient[w1], &b.gradient[b1]);
  pull_input<narrow, wide>(&b.x[w1], b.d2.data(), b.d1.data());
  pull_activation<Activation>(b.h1, b.d1);
  pull_weights<wide, inputs>(b.features.data(), b.d1.data(), &b.gradient[w0], &b.gradient[b0]);
}

DESCENT_KERNEL void update(Block& b, double t) {
  const float rate = float(lr / (1 - std::pow(beta1, t)));
  const float root = float(1 / std::sqrt(1 - std::pow(beta2, t)));
  float *const x = flat(b.x), *const m = flat(b.mean), *const v = flat(b.square);
  const float* const g = flat(b.gradient);
#pragma omp simd
  for (std::size_t i = 0; i < parameters * lanes; ++i) {
    m[i] = float(beta1) * m[i] + float(1 - beta1) * g[i];
    v[i] = float(beta2) * v[i] + float(1 - beta2) * g[i] * g[i];
    x[i] -= rate * m[i] / (root * std::sqrt(v[i]) + float(eps));
  }
}

// The inputs of a lane: the same draws as the trainer's.
struct Replicate {
  Replicate(const Point& point, std::uint64_t r)
      : batches(samples, batch, Random(point.settings.seed, "order", r)) {
    const data::Dataset drawn = point.source->training(r);
    data = train::convert<float>(drawn, drawn.features, "training");
    Random random(point.settings.seed, "init", r);
    point.training.model().initialize(weights, random);
  }
  train::Samples<float> data;
  data::Batches batches;
  arma::fvec weights;
};

void load(Block& b, std::size_t lane, const train::Samples<float>& data,
          std::span<const std::uint64_t> indices) {
  float *const x = flat(b.features) + lane, *const t = flat(b.target) + lane;
  for (std::size_t s = 0; s < batch; ++s) {
    const float* const sample = data.features.colptr(indices[s]);
    for (std::size_t i = 0; i < inputs; ++i) x[(s * inputs + i) * lanes] = sample[i];
    t[s * lanes] = data.targets.values[indices[s]];
  }
}

template <class Activation>
void train(Block& b, std::vector<Replicate>& of) {
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    for (auto& one : of) one.batches.next_epoch();
    for (std::uint64_t i = 0; i < samples / batch; ++i) {
      for (std::size_t lane = 0; lane < of.size(); ++lane)
        load(b, lane, of[lane].data, of[lane].batches.batch(i));
      predict<Activation>(b);
      differentiate<Activation>(b);
      update(b, double(epoch * (samples / batch) + i + 1));
    }
  }
}

// Squared errors of all lanes over their training sets.
template <class Activation>
arma::vec losses(Block& b, const std::vector<Replicate>& of) {
  arma::vec sums(of.size(), arma::fill::zeros);
  std::vector<std::uint64_t> indices(batch);
  for (std::uint64_t first = 0; first < samples; first += batch) {
    for (std::uint64_t s = 0; s < batch; ++s) indices[s] = first + s;
    for (std::size_t lane = 0; lane < of.size(); ++lane) load(b, lane, of[lane].data, indices);
    predict<Activation>(b);
    for (std::size_t lane = 0; lane < of.size(); ++lane)
      for (std::size_t s = 0; s < batch; ++s)
        sums(lane) += std::pow(double(b.prediction[s][lane]) - double(b.target[s][lane]), 2);
  }
  return sums / double(samples);
}

template <class Activation>
arma::vec train_in_lanes(const Point& point) {
  arma::vec all(replicates);
  for (std::uint64_t first = 0; first < replicates; first += lanes) {
    const auto block = std::make_unique<Block>();
    std::vector<Replicate> of;
    for (auto r = first; r < std::min<std::uint64_t>(first + lanes, replicates); ++r) {
      of.emplace_back(point, r);
      for (std::size_t i = 0; i < parameters; ++i) block->x[i][r - first] = of.back().weights[i];
    }
    train<Activation>(*block, of);
    all.subvec(first, arma::size(of.size(), 1)) = losses<Activation>(*block, of);
  }
  return all;
}

template <class Activation>
void ours(benchmark::State& state) {
  const Point work = point<Activation>();
  for (auto _ : state) benchmark::DoNotOptimize(train_one_by_one(work).memptr());
  state.SetItemsProcessed(state.iterations() * std::int64_t(replicates * steps));
}

template <class Activation>
void side_by_side(benchmark::State& state) {
  const Point work = point<Activation>();
  arma::vec found;
  for (auto _ : state) found = train_in_lanes<Activation>(work);
  const arma::vec expected = train_one_by_one(work);
  const arma::vec deviations = arma::sort(arma::abs(found - expected) / expected);
  const double deviation = deviations(replicates - 1 - Activation::may_part);
  if (!(deviation < 1e-4)) state.SkipWithError("the lanes ended with other losses");
  state.counters["deviation"] = deviation;
  state.SetItemsProcessed(state.iterations() * std::int64_t(replicates * steps));
}

BENCHMARK_TEMPLATE(ours, Tanh)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(side_by_side, Tanh)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(ours, Relu)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(side_by_side, Relu)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent
