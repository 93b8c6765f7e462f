// SPDX-License-Identifier: MIT
// Keys of model and data.surface: layers, initializers, surfaces.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"
#include "nn/output_range.h"

namespace descent::experiment {
namespace {

void describe(Fields& f, nn::LayerSpec& s) {
  using Kind = nn::LayerSpec::Kind;
  const auto linear = [&](Fields& in) {
    const auto units = or_word(width(), "auto");
    in.required(s.units, "units", units, "outputs of the layer; auto: as many as the targets need",
                "units: 16");
    in(s.bias, "bias", flag(), "whether a bias is added");
  };
  f.kind(s, nn::name(Kind::linear), {Kind::linear}, "W x + b", linear, "units");
  f.kind(s, nn::name(Kind::leaky_relu), {Kind::leaky_relu}, "leaky relu",
         [&](Fields& in) { in(s.slope, "slope", number(0), "slope below 0"); });
  f.kind(s, nn::name(Kind::elu), {.kind = Kind::elu, .slope = 1}, "elu",
         [&](Fields& in) { in(s.slope, "alpha", number(0), "size of the negative part"); });
  for (const auto kind : {Kind::relu, Kind::gelu, Kind::tanh, Kind::sigmoid, Kind::softplus,
                          Kind::softmax, Kind::log_softmax})
    f.kind(s, nn::name(kind), {kind}, nn::name(kind));
}

void describe(Fields& f, nn::InitSpec& s) {
  using Kind = nn::InitSpec::Kind;
  f.kind(s, "torch", {Kind::torch}, "U(-1/sqrt(fan_in), 1/sqrt(fan_in))");
  f.kind(s, "zeros", {Kind::zeros}, "all 0");
  f.kind(s, "xavier", {Kind::xavier}, "U(+-sqrt(6/(fan_in+fan_out))), biases 0");
  f.kind(s, "he", {Kind::he}, "N(0, 2/fan_in), biases 0");
  f.kind(s, "uniform", {Kind::uniform}, "[a, b], biases too",
         [&](Fields& in) { in.pair(s.a, s.b, interval()); });
  f.kind(s, "normal", {Kind::normal}, "the standard deviation; biases too",
         [&](Fields& in) { in.value(s.b, number(0)); });
  f.kind(s, "point", {Kind::point}, "[x, y] on a surface",
         [&](Fields& in) { in.pair(s.point[0], s.point[1], tuple(number(), "x", number(), "y")); });
}

}  // namespace

void describe(Fields& f, nn::SurfaceSpec& s) {
  for (const auto& one : nn::surfaces())
    f.kind(s, one.name, {one.kind}, one.doc, [&](Fields& in) {
      in(s.noise, "noise", number(0), "sd of the noise on each element of a step's gradient");
      if (one.kind == nn::SurfaceSpec::Kind::bowl)
        in(s.condition, "condition", above(0), "curvature along y; along x it is 1");
    });
}

void describe(Fields& f, nn::ModelSpec& s) {
  auto& layers = f.choices("layers", "layer", "from input to output",
                           [&](Fields& in) { describe(in, s.layers.emplace_back()); });
  layers.schema.least = 1;
  needed(layers, "layers: [{linear: 16}, tanh, {linear: 1}]", on_surface);
  f.choice("init", "initializer", "initial weights; default: torch, on a surface its own start",
           [&](Fields& in) { describe(in, s.init); });
}

}  // namespace descent::experiment
