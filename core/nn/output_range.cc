// SPDX-License-Identifier: MIT
#include "nn/output_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent::nn {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double least_gelu = -0.16997120747990369;  // at x = -0.7518

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }

// x is an end of the range before the layer; all but gelu and the two softmax rise with it.
double rising(const LayerSpec& layer, double x) {
  using Kind = LayerSpec::Kind;
  switch (layer.kind) {
    case Kind::relu:
      return std::max(x, 0.0);
    case Kind::leaky_relu:
      return x < 0 ? (layer.slope == 0 ? 0 : layer.slope * x) : x;
    case Kind::elu:
      return x < 0 ? (layer.slope == 0 ? 0 : layer.slope * std::expm1(x)) : x;
    case Kind::tanh:
      return std::tanh(x);
    case Kind::sigmoid:
      return sigmoid(x);
    case Kind::softplus:
      return softplus(x);
    default:
      return x;
  }
}

OutputRange through(const LayerSpec& layer, const OutputRange& in) {
  using Kind = LayerSpec::Kind;
  if (layer.kind == Kind::linear) return {-infinity, infinity};
  if (layer.kind == Kind::softmax) return {0, 1};
  if (layer.kind == Kind::log_softmax) return {-infinity, 0};
  if (layer.kind == Kind::gelu) return {in.low < 0 ? least_gelu : 0, std::max(in.high, 0.0)};
  return {rising(layer, in.low), rising(layer, in.high)};
}

}  // namespace

const char* name(LayerSpec::Kind kind) {
  constexpr const char* names[] = {"linear", "relu",    "leaky_relu", "elu",     "gelu",
                                   "tanh",   "sigmoid", "softplus",   "softmax", "log_softmax"};
  return names[static_cast<int>(kind)];
}

OutputRange output_range(const std::vector<LayerSpec>& layers) {
  OutputRange range{-infinity, infinity};
  for (const auto& layer : layers) range = through(layer, range);
  return range;
}

}  // namespace descent::nn
