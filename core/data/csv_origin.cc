// SPDX-License-Identifier: MIT
// Data from CSV files: read, coded, split, and with a known truth redrawn about it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "data/coding.h"
#include "data/noise.h"
#include "data/origin.h"
#include "data/table.h"

namespace descent {
namespace {

// Samples, and what is known to be expected of their targets.
struct Part {
  Dataset data;
  arma::rowvec truth;  // empty when unknown
};

bool redraws(const CsvSpec& spec) {
  return !spec.truth.empty() && spec.noise.kind != NoiseSpec::Kind::none;
}

void check(const CsvSpec& spec, TargetKind kind) {
  if (spec.truth.empty() && spec.noise.kind != NoiseSpec::Kind::none)
    throw Error("data.csv.noise: needs truth: COLUMN, to which the noise is added");
  if (!spec.truth.empty() && spec.target.size() != 1)
    throw Error(fmt::format("data.csv.truth: goes with one target column, not with {}",
                            spec.target.size()));
  if (!spec.truth.empty()) check(spec.noise, kind);
  if (spec.standardize_target && kind != TargetKind::numbers)
    throw Error("data.csv.standardize_target: goes only with a loss of numbers");
  if (spec.standardize_target && spec.noise.kind == NoiseSpec::Kind::bernoulli)
    throw Error("data.csv.standardize_target: does not go with noise: bernoulli");
  if (!(spec.test_fraction >= 0 && spec.test_fraction < 1))
    throw Error(
        fmt::format("data.csv.test: the fraction {} must lie in (0, 1)", spec.test_fraction));
  if (spec.test_fraction > 0 && !spec.test_path.empty())
    throw Error("data.csv.test: give a fraction or a path, not both");
}

arma::rowvec read_truth(const Table& table, const CsvSpec& spec, TargetKind kind) {
  arma::rowvec truth(table.truth.size());
  for (arma::uword i = 0; i < truth.n_elem; ++i) {
    const auto& field = table.truth[i];
    truth[i] = number(table.path, field, spec.truth);
    if (needs_probability(spec.noise, kind) && (truth[i] < 0 || truth[i] > 1))
      throw Error(Place{table.path, field.line, field.column},
                  fmt::format("column '{}' holds {}; as a probability it must lie in [0, 1]",
                              spec.truth, field.text));
  }
  return truth;
}

// coding: none when the targets are redrawn.
Part take(const Table& table, const CsvSpec& spec, TargetKind kind,
          const std::optional<Coding>& coding) {
  Part part;
  part.data.features = table.features;
  part.data.weights = table.weights;
  if (!spec.truth.empty()) part.truth = read_truth(table, spec, kind);
  if (coding) coding->apply(table, part.data);
  return part;
}

Part select(const Part& part, std::vector<std::uint64_t> rows) {
  std::ranges::sort(rows);
  Part chosen{select(part.data, rows), {}};
  if (!part.truth.is_empty())
    chosen.truth = part.truth.cols(arma::uvec(std::vector<arma::uword>(rows.begin(), rows.end())));
  return chosen;
}

// Training and test part. The test part has fraction * n rows, rounded to the nearest, half up, and
// at least one; one at least is left to train. Both keep the file's order.
std::pair<Part, Part> split(const Part& whole, const CsvSpec& spec, std::uint64_t seed) {
  const auto n = whole.data.size();
  if (n < 2) throw Error(Place{spec.path}, "a single row cannot be split; drop data.csv.test");
  const auto wanted = std::uint64_t(std::floor(spec.test_fraction * double(n) + 0.5));
  const auto count = std::clamp<std::uint64_t>(wanted, 1, n - 1);
  std::vector<std::uint64_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::uint64_t{0});
  Random(seed, "split").shuffle(rows);
  const auto border = rows.begin() + std::ptrdiff_t(count);
  return {select(whole, {border, rows.end()}), select(whole, {rows.begin(), border})};
}

// No samples, of as many inputs as the others.
Part none(std::size_t inputs) {
  Part part;
  part.data.features.set_size(inputs, 0);
  return part;
}

std::pair<Part, Part> read_parts(const Table& table, const std::optional<Coding>& coding,
                                 const CsvSpec& spec, TargetKind kind, std::uint64_t seed) {
  auto train = take(table, spec, kind, coding);
  if (spec.test_fraction > 0) return split(train, spec, seed);
  if (spec.test_path.empty()) return {std::move(train), none(table.inputs.size())};
  auto other = read_table(spec.test_path, spec);
  align(other, table.inputs);
  return {std::move(train), take(other, spec, kind, coding)};
}

// (y - mean) / sd of each target row, sd dividing by n, fitted on the training part as the file has
// it: one scale for every replicate. Targets drawn about the truth take the truth's scale; as
// normal noise scales along, all that follows happens on the new scale.
void standardize(Part& train, Part& held_out, CsvSpec& spec) {
  const arma::mat fitted = redraws(spec) ? arma::mat(train.truth) : train.data.targets;
  const arma::vec mean = arma::mean(fitted, 1), sd = arma::stddev(fitted, 1, 1);
  for (arma::uword k = 0; k < fitted.n_rows; ++k)
    if (fitted.row(k).min() == fitted.row(k).max())
      throw Error(Place{spec.path},
                  fmt::format("column '{}' is {} in every training row and cannot be standardized",
                              spec.target[k], fitted(k, 0)));
  for (auto* part : {&train, &held_out}) {
    auto& targets = part->data.targets;
    if (!targets.is_empty()) targets = (targets.each_col() - mean).each_col() / sd;
    if (!part->truth.is_empty()) part->truth = (part->truth - mean[0]) / sd[0];
  }
  spec.noise.sd /= sd[0];
}

TestSet test_set(Part part, const CsvSpec& spec, TargetKind kind, std::uint64_t seed) {
  TestSet test;
  test.data = std::move(part.data);
  if (part.truth.is_empty()) return test;
  test.expectation = part.truth;
  if (redraws(spec)) {
    draw_targets(test.data, part.truth, spec.noise, kind, {seed, "test-noise"});
    set_truth(test, part.truth, spec.noise, kind);
  }
  return test;
}

Dataset draw(const Part& train, const CsvSpec& spec, TargetKind kind, Random random) {
  auto data = train.data;
  if (redraws(spec)) draw_targets(data, train.truth, spec.noise, kind, random);
  return data;
}

}  // namespace

Origin csv(const CsvSpec& given, TargetKind kind, std::uint64_t seed) {
  check(given, kind);
  auto spec = given;
  const auto table = read_table(spec.path, spec);
  std::optional<Coding> coding;
  if (!redraws(spec)) coding.emplace(table, spec, kind);
  auto [train, held_out] = read_parts(table, coding, spec, kind, seed);
  if (spec.standardize_target) standardize(train, held_out, spec);

  Origin origin;
  origin.names = {table.inputs, spec.target, {}};
  if (kind == TargetKind::classes)
    origin.names.classes = coding ? coding->classes() : std::vector<std::string>{"0", "1"};
  origin.test = test_set(std::move(held_out), spec, kind, seed);
  origin.redraws = redraws(spec);
  origin.draw = [part = std::move(train), spec, kind, seed](std::uint64_t, std::uint64_t noise) {
    return draw(part, spec, kind, {seed, "noise", noise});
  };
  return origin;
}

}  // namespace descent
