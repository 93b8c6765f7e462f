// SPDX-License-Identifier: MIT
#include "data/noise.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "data/weights.h"

namespace descent::data {

void check(const NoiseSpec& noise, TargetKind kind) {
  using enum NoiseSpec::Kind;
  if (noise.kind == normal && !(noise.sd >= 0 && std::isfinite(noise.sd)))
    throw Error(fmt::format("noise: normal: the sd {} is not a number >= 0", noise.sd));
  if (kind == TargetKind::classes && noise.kind != bernoulli)
    throw Error(
        "the loss wants classes, which are drawn only with noise: bernoulli (class 1 with "
        "probability f(x)); set it, or choose a loss of numbers");
  if (kind == TargetKind::probabilities && noise.kind == normal)
    throw Error(
        "the loss wants probabilities, and normal noise leaves [0, 1]; set noise: bernoulli or "
        "none, or choose a loss of numbers");
}

bool needs_probability(const NoiseSpec& noise, TargetKind kind) {
  return noise.kind == NoiseSpec::Kind::bernoulli || kind != TargetKind::numbers;
}

void draw_targets(Dataset& data, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind,
                  Random random) {
  auto y = f;
  if (noise.kind == NoiseSpec::Kind::normal)
    for (auto& value : y) value += random.normal(0, noise.sd);
  if (noise.kind == NoiseSpec::Kind::bernoulli)
    for (auto& value : y) value = random.uniform() < value ? 1 : 0;
  if (kind == TargetKind::classes)
    data.classes.assign(y.begin(), y.end());
  else
    data.targets = y;
}

void set_truth(TestSet& test, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind) {
  test.expectation = f;
  if (kind == TargetKind::classes) test.expectation = arma::join_cols(1 - f, f);
  test.noise = 0;
  if (noise.kind == NoiseSpec::Kind::normal) test.noise = noise.sd * noise.sd;
  if (noise.kind == NoiseSpec::Kind::bernoulli)
    test.noise = weighted_mean(f % (1 - f), test.data.weights)[0];
  if (noise.kind != NoiseSpec::Kind::bernoulli) test.normal_sd = std::sqrt(test.noise);
}

}  // namespace descent::data
