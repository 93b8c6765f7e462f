// SPDX-License-Identifier: MIT
#include "data/noise.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "data/target_kind.h"
#include "data/weights.h"

namespace descent::data {
namespace {

const char* name(const NoiseSpec& noise) {
  constexpr const char* names[] = {"none", "normal", "bernoulli", "student_t", "contaminated"};
  return names[static_cast<int>(noise.kind)];
}

// Bailey, Polar generation of random variates with the t-distribution, 1994.
double student_t(double df, Random& random) {
  for (;;) {
    const double u = random.uniform(-1, 1), v = random.uniform(-1, 1), w = u * u + v * v;
    if (w > 0 && w <= 1) return u * std::sqrt(df * std::expm1(-2 / df * std::log(w)) / w);
  }
}

double draw(double f, const NoiseSpec& noise, Random& random) {
  switch (noise.kind) {
    case NoiseSpec::Kind::none:
      break;
    case NoiseSpec::Kind::normal:
      return f + random.normal(0, noise.sd);
    case NoiseSpec::Kind::bernoulli:
      return random.uniform() < f ? 1 : 0;
    case NoiseSpec::Kind::student_t:
      return f + noise.sd * student_t(noise.df, random);
    case NoiseSpec::Kind::contaminated: {
      const bool is_outlier = random.uniform() < noise.share;
      return f + random.normal(0, is_outlier ? noise.scale * noise.sd : noise.sd);
    }
  }
  return f;
}

double variance(const NoiseSpec& noise) {
  const double square = noise.sd * noise.sd;
  switch (noise.kind) {
    case NoiseSpec::Kind::normal:
      return square;
    case NoiseSpec::Kind::student_t:
      return noise.df > 2 ? square * noise.df / (noise.df - 2) : not_recorded;
    case NoiseSpec::Kind::contaminated:
      return square * (1 - noise.share + noise.share * noise.scale * noise.scale);
    default:
      return 0;
  }
}

}  // namespace

bool is_added(const NoiseSpec& noise) {
  return noise.kind != NoiseSpec::Kind::none && noise.kind != NoiseSpec::Kind::bernoulli;
}

void check(const NoiseSpec& noise, TargetKind kind) {
  using enum NoiseSpec::Kind;
  if (is_added(noise) && !(noise.sd >= 0 && std::isfinite(noise.sd)))
    throw Error::about(
        "data", fmt::format("noise: {}: the sd {} is not a number >= 0", name(noise), noise.sd));
  if (kind == TargetKind::classes && noise.kind != bernoulli)
    throw Error::about(
        "data",
        "the loss wants classes, which are drawn only with noise: bernoulli (class 1 with "
        "probability f(x)); set it, or choose a loss of numbers");
  if (kind == TargetKind::classes || kind == TargetKind::numbers) return;
  const bool takes_bernoulli = truth_objection(0, {}, kind).empty() && objection(kind, 1).empty();
  if (is_added(noise))
    throw Error::about(
        "data",
        fmt::format(
            "the loss wants {}, and {} noise leaves {}; set noise: {}, or choose a loss of numbers",
            noun(kind), name(noise), values(kind), takes_bernoulli ? "bernoulli or none" : "none"));
  if (noise.kind == bernoulli && !takes_bernoulli)
    throw Error::about(
        "data",
        fmt::format("the loss wants {}, and noise: bernoulli draws 0 and 1; set noise: none, "
                    "or choose another loss",
                    noun(kind)));
}

std::string variance_warning(const NoiseSpec& noise) {
  if (noise.kind != NoiseSpec::Kind::student_t || noise.df > 2) return "";
  return fmt::format(
      "noise: student_t with df = {:g} has no variance: neither has the squared error, so that "
      "noise and total are not recorded and means of losses do not settle; use df above 2, or "
      "compare medians",
      noise.df);
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

arma::mat coded(arma::mat f, const NoiseSpec& noise, TargetKind kind) {
  if (kind != TargetKind::signs) return f;
  const bool drawn = noise.kind == NoiseSpec::Kind::bernoulli;
  const bool has_zero = arma::any(arma::vectorise(f == 0)),
             has_minus = arma::any(arma::vectorise(f == -1));
  if (!drawn && has_zero && has_minus)
    throw Error::about(
        "data",
        "the loss wants signs, and the targets are -1 and 0 and 1; write -1 and 1, or 0 and 1");
  return drawn || has_zero ? arma::mat(2 * f - 1) : f;
}

}  // namespace

void draw_targets(Dataset& data, const arma::mat& f, const NoiseSpec& noise, TargetKind kind,
                  Random random) {
  auto y = f;
  for (auto& value : y) value = draw(value, noise, random);
  if (kind == TargetKind::classes)
    data.classes.assign(y.begin(), y.end());
  else
    data.targets = coded(y, noise, kind);
}

void set_truth(TestSet& test, const arma::mat& f, const NoiseSpec& noise, TargetKind kind) {
  test.expectation = coded(f, noise, kind);
  if (kind == TargetKind::classes) test.expectation = arma::join_cols(1 - f, f);
  test.noise = variance(noise);
  const double distance = kind == TargetKind::signs ? 2 : 1;  // between the two values
  if (noise.kind == NoiseSpec::Kind::bernoulli)
    test.noise = distance * distance * arma::mean(weighted_mean(f % (1 - f), test.data.weights));
  if (noise.kind == NoiseSpec::Kind::none || noise.kind == NoiseSpec::Kind::normal)
    test.normal_sd = std::sqrt(test.noise);
}

void check_flip(double share, TargetKind kind, const char* key) {
  using enum TargetKind;
  if (!(share >= 0 && share <= 1))
    throw Error::at(key, fmt::format("the share {} must lie in [0, 1]", share));
  if (share > 0 && kind != classes && kind != probabilities && kind != signs)
    throw Error::at(key,
                    fmt::format("the loss wants {}, and only classes can be flipped", noun(kind)));
}

void flip_labels(Dataset& data, double share, TargetKind kind, std::uint64_t classes,
                 Random random) {
  if (share == 0) return;
  for (auto& label : data.classes)
    if (random.uniform() < share)
      label = std::int64_t((std::uint64_t(label) + 1 + random.below(classes - 1)) % classes);
  for (auto& target : data.targets)
    if (random.uniform() < share) target = kind == TargetKind::signs ? -target : 1 - target;
}

}  // namespace descent::data
