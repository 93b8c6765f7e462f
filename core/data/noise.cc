// SPDX-License-Identifier: MIT
#include "data/noise.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "data/target_kind.h"
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
  if (kind == TargetKind::classes || kind == TargetKind::numbers) return;
  const bool takes_bernoulli = truth_objection(0, {}, kind).empty() && objection(kind, 1).empty();
  if (noise.kind == normal)
    throw Error(fmt::format(
        "the loss wants {}, and normal noise leaves {}; set noise: {}, or choose a loss of numbers",
        noun(kind), values(kind), takes_bernoulli ? "bernoulli or none" : "none"));
  if (noise.kind == bernoulli && !takes_bernoulli)
    throw Error(
        fmt::format("the loss wants {}, and noise: bernoulli draws 0 and 1; set noise: none, "
                    "or choose another loss",
                    noun(kind)));
}

std::string truth_objection(double f, const NoiseSpec& noise, TargetKind kind) {
  using enum TargetKind;
  if (noise.kind == NoiseSpec::Kind::bernoulli || kind == classes || kind == probabilities ||
      kind == distributions)
    return f < 0 || f > 1 ? "as a probability it must lie in [0, 1]" : "";
  if (objection(kind, f).empty() || (kind == signs && f == 0)) return "";
  return fmt::format("the loss wants {}: {}", noun(kind), values(kind));
}

namespace {

arma::rowvec coded(arma::rowvec f, const NoiseSpec& noise, TargetKind kind) {
  if (kind != TargetKind::signs) return f;
  const bool drawn = noise.kind == NoiseSpec::Kind::bernoulli;
  const bool has_zero = arma::any(f == 0), has_minus = arma::any(f == -1);
  if (!drawn && has_zero && has_minus)
    throw Error(
        "the loss wants signs, and the targets are -1 and 0 and 1; write -1 and 1, or 0 and 1");
  return drawn || has_zero ? arma::rowvec(2 * f - 1) : f;
}

}  // namespace

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
    data.targets = coded(y, noise, kind);
}

void set_truth(TestSet& test, const arma::rowvec& f, const NoiseSpec& noise, TargetKind kind) {
  test.expectation = coded(f, noise, kind);
  if (kind == TargetKind::classes) test.expectation = arma::join_cols(1 - f, f);
  test.noise = 0;
  if (noise.kind == NoiseSpec::Kind::normal) test.noise = noise.sd * noise.sd;
  const double distance = kind == TargetKind::signs ? 2 : 1;  // between the two values
  if (noise.kind == NoiseSpec::Kind::bernoulli)
    test.noise = distance * distance * weighted_mean(f % (1 - f), test.data.weights)[0];
  if (noise.kind != NoiseSpec::Kind::bernoulli) test.normal_sd = std::sqrt(test.noise);
}

}  // namespace descent::data
