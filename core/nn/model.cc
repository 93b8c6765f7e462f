// SPDX-License-Identifier: MIT
#include "nn/model.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "autograd/ops.h"
#include "nn/surface.h"

namespace descent::nn {
namespace {

double bound_or_zero(double variance_scale, double fan) {
  return fan > 0 ? std::sqrt(variance_scale / fan) : 0;
}

// One draw of a layer's weight (bias: of its bias), as its InitSpec says.
std::function<double(Random&)> drawing(const InitSpec& init, double fan_in, double fan_out,
                                       bool bias) {
  const auto uniform = [](double low, double high) {
    return [=](Random& random) { return random.uniform(low, high); };
  };
  const auto normal = [](double sd) {
    return [=](Random& random) { return random.normal(0, sd); };
  };
  const auto zero = [](Random&) { return 0.0; };
  using Kind = InitSpec::Kind;
  switch (init.kind) {
    case Kind::uniform:
      return uniform(init.a, init.b);
    case Kind::normal:
      return normal(init.b);
    case Kind::torch: {
      const double bound = bound_or_zero(1, fan_in);
      return uniform(-bound, bound);
    }
    case Kind::xavier: {
      const double bound = bound_or_zero(6, fan_in + fan_out);
      if (bias) return zero;
      return uniform(-bound, bound);
    }
    case Kind::he:
      if (bias) return zero;
      return normal(bound_or_zero(2, fan_in));
    case Kind::zeros:
    case Kind::point:
      break;
  }
  return zero;
}

template <class T>
Var<T> activate(const LayerSpec& layer, const Var<T>& x) {
  using Kind = LayerSpec::Kind;
  switch (layer.kind) {
    case Kind::relu:
      return relu(x);
    case Kind::leaky_relu:
      return leaky_relu(x, layer.slope);
    case Kind::elu:
      return elu(x, layer.slope);
    case Kind::gelu:
      return gelu(x);
    case Kind::tanh:
      return tanh(x);
    case Kind::sigmoid:
      return sigmoid(x);
    case Kind::softplus:
      return softplus(x);
    case Kind::softmax:
      return softmax(x);
    case Kind::log_softmax:
      return log_softmax(x);
    case Kind::linear:
      break;
  }
  return x;
}

}  // namespace

Model::Model(const ModelSpec& spec, arma::uword inputs, arma::uword outputs)
    : init_(spec.init), surface_(spec.surface), inputs_(inputs), outputs_(inputs) {
  if (surface_) {
    blocks_ = {{"point", 0, 2, 1, false}};
    outputs_ = 1;
  }
  std::size_t index = 0;
  for (const auto& layer : spec.layers) {
    layers_.push_back({layer, -1, -1});
    if (layer.kind != LayerSpec::Kind::linear) continue;
    const arma::uword out = layer.units ? layer.units : outputs;
    place_linear(layers_.back(), outputs_, out, index++);
    outputs_ = out;
  }
  order_blocks();
}

void Model::place_linear(Layer& layer, arma::uword in, arma::uword out, std::size_t index) {
  const auto name = "linear" + std::to_string(index);
  layer.weight = int(blocks_.size());
  blocks_.push_back({name + ".weight", 0, out, in, false});
  if (!layer.spec.bias) return;
  layer.bias = int(blocks_.size());
  blocks_.push_back({name + ".bias", 0, out, 1, true});
}

// Every weight first, every bias after, so that "the weights only" is the front of the vector.
void Model::order_blocks() {
  std::vector<int> place(blocks_.size());
  std::vector<Block> ordered;
  for (const bool biases : {false, true}) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (blocks_[i].is_bias != biases) continue;
      place[i] = int(ordered.size());
      ordered.push_back(blocks_[i]);
      ordered.back().offset = size_;
      size_ += blocks_[i].rows * blocks_[i].cols;
    }
    if (!biases) weight_count_ = size_;
  }
  blocks_ = std::move(ordered);
  for (auto& layer : layers_) {
    if (layer.weight >= 0) layer.weight = place[std::size_t(layer.weight)];
    if (layer.bias >= 0) layer.bias = place[std::size_t(layer.bias)];
  }
}

template <class T>
void Model::initialize(arma::Col<T>& x, Random& random) const {
  x.set_size(size_);
  if (surface_ && init_.kind == InitSpec::Kind::point)
    return void(std::ranges::copy(init_.point, x.begin()));
  if (surface_) return void(x.imbue([&] { return T(drawing(init_, 1, 1, false)(random)); }));
  for (const auto& layer : layers_)
    for (const int index : {layer.weight, layer.bias}) {
      if (index < 0) continue;
      const auto& block = blocks_[std::size_t(index)];
      const auto& weight = blocks_[std::size_t(layer.weight)];
      const auto draw = drawing(init_, double(weight.cols), double(weight.rows), block.is_bias);
      for (arma::uword i = 0; i < block.rows * block.cols; ++i)
        x(block.offset + i) = T(draw(random));
    }
}

template <class T>
Var<T> Model::record(const Var<T>& input, const arma::Col<T>& x, arma::Col<T>* gradient,
                     std::vector<Var<T>>* outputs) const {
  auto& graph = input.graph();
  const auto leaf = [&](int index) {
    const auto& b = blocks_[std::size_t(index)];
    const T* const value = x.memptr() + b.offset;
    return gradient ? graph.parameter(value, gradient->memptr() + b.offset, b.rows, b.cols)
                    : graph.constant(value, b.rows, b.cols);
  };
  if (surface_) return surface(*surface_, leaf(0));
  Var<T> y = input;
  for (const auto& layer : layers_) {
    if (layer.weight < 0)
      y = activate(layer.spec, y);
    else if (layer.bias < 0)
      y = matmul(leaf(layer.weight), y);
    else
      y = linear(leaf(layer.weight), y, leaf(layer.bias));
    if (outputs) outputs->push_back(y);
  }
  return y;
}

template void Model::initialize(arma::Col<float>&, Random&) const;
template void Model::initialize(arma::Col<double>&, Random&) const;
template Var<float> Model::record(const Var<float>&, const arma::Col<float>&, arma::Col<float>*,
                                  std::vector<Var<float>>*) const;
template Var<double> Model::record(const Var<double>&, const arma::Col<double>&, arma::Col<double>*,
                                   std::vector<Var<double>>*) const;

}  // namespace descent::nn
