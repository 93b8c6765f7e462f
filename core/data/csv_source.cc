// SPDX-License-Identifier: MIT
// Data from CSV files: read, encoded and split; with a known truth, targets are redrawn about it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "data/data_source.h"
#include "data/label_encoding.h"
#include "data/noise.h"
#include "data/table.h"
#include "data/weights.h"

namespace descent::data {
namespace {

// Samples, and the expectation of their targets, if it is known.
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
  if (!spec.truth.empty() && kind == TargetKind::signs && !redraws(spec))
    throw Error("data.csv.truth: with a loss of signs it needs noise: bernoulli");
  if (spec.standardize_target && kind != TargetKind::numbers)
    throw Error("data.csv.standardize_target: goes only with a loss of numbers");
  if (spec.standardize_target && spec.noise.kind == NoiseSpec::Kind::bernoulli)
    throw Error("data.csv.standardize_target: does not go with noise: bernoulli");
  if (!(spec.test_fraction >= 0 && spec.test_fraction < 1))
    throw Error(
        fmt::format("data.csv.test: the fraction {} must lie in (0, 1)", spec.test_fraction));
  if (spec.test_fraction > 0 && !spec.test_path.empty())
    throw Error("data.csv.test: give a fraction or a path, not both");
  if (!(spec.validation_fraction >= 0 && spec.validation_fraction < 1))
    throw Error(fmt::format("data.csv.validation: the fraction {} must lie in (0, 1)",
                            spec.validation_fraction));
  if (spec.validation_fraction > 0 && !spec.validation_path.empty())
    throw Error("data.csv.validation: give a fraction or a path, not both");
}

arma::rowvec read_truth(const CsvTable& table, const CsvSpec& spec, TargetKind kind) {
  arma::rowvec truth(table.truth.size());
  for (arma::uword i = 0; i < truth.n_elem; ++i) {
    const auto& field = table.truth[i];
    truth[i] = number(table.path, field, spec.truth);
    if (const auto wrong = truth_objection(truth[i], spec.noise, kind); !wrong.empty())
      throw Error(Place{table.path, field.line, field.column},
                  fmt::format("column '{}' holds {}; {}", spec.truth, field.text, wrong));
  }
  return truth;
}

// coding: none when the targets are redrawn.
Part take(const CsvTable& table, const CsvSpec& spec, TargetKind kind,
          const std::optional<Coding>& coding) {
  Part part;
  part.data.features = table.features;
  part.data.weights = to_mean_one(table.weights);
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

// The remaining training rows, and the rows held out: fraction * n of them, rounded to the nearest,
// half up, and at least one; one at least is left. Both keep the file's order. purpose: "split" of
// the test set.
std::pair<Part, Part> split(const Part& whole, double fraction, const std::string& purpose,
                            const CsvSpec& spec, std::uint64_t seed) {
  const auto n = whole.data.size();
  if (n < 2)
    throw Error(Place{spec.path}, fmt::format("a single row cannot be split; drop data.csv.{}",
                                              purpose == "split" ? "test" : "validation"));
  const auto wanted = std::uint64_t(std::floor(fraction * double(n) + 0.5));
  const auto count = std::clamp<std::uint64_t>(wanted, 1, n - 1);
  std::vector<std::uint64_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::uint64_t{0});
  Random(seed, purpose).shuffle(rows);
  const auto border = rows.begin() + std::ptrdiff_t(count);
  return {select(whole, {border, rows.end()}), select(whole, {rows.begin(), border})};
}

// No samples, of as many inputs as the others.
Part none(std::size_t inputs) {
  Part part;
  part.data.features.set_size(inputs, 0);
  return part;
}

struct Parts {
  Part train, validation, test;
};

Parts read_parts(const CsvTable& table, const std::optional<Coding>& coding, const CsvSpec& spec,
                 TargetKind kind, std::uint64_t seed) {
  Parts parts{take(table, spec, kind, coding), none(table.inputs.size()),
              none(table.inputs.size())};
  const auto hold_out = [&](Part& part, double fraction, const std::string& path,
                            const std::string& purpose) {
    if (fraction > 0)
      std::tie(parts.train, part) = split(parts.train, fraction, purpose, spec, seed);
    if (path.empty()) return;
    auto other = read_table(path, spec);
    align(other, table.inputs);
    part = take(other, spec, kind, coding);
  };
  hold_out(parts.test, spec.test_fraction, spec.test_path, "split");
  hold_out(parts.validation, spec.validation_fraction, spec.validation_path, "validation-split");
  return parts;
}

// The target rows, fitted on the training part as the file has it: one scale for every replicate.
// Targets drawn about the truth take the truth's scale; as normal noise scales along, all that
// follows happens on the new scale.
void standardize(Parts& parts, CsvSpec& spec) {
  const auto& train = parts.train;
  const arma::mat fitted = redraws(spec) ? arma::mat(train.truth) : train.data.targets;
  const Standardizer scale(fitted, train.data.weights);
  for (arma::uword k = 0; k < fitted.n_rows; ++k)
    if (scale.sd(k) == 0)
      throw Error(Place{spec.path},
                  fmt::format("column '{}' is {} in every training row and cannot be standardized",
                              spec.target[k], fitted(k, 0)));
  for (auto* part : {&parts.train, &parts.validation, &parts.test}) {
    auto& targets = part->data.targets;
    if (!targets.is_empty()) targets = scale(targets);
    if (!part->truth.is_empty()) part->truth = scale(part->truth);
  }
  spec.noise.sd /= scale.sd(0);
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

Dataset draw(const Part& part, const CsvSpec& spec, TargetKind kind, Random random) {
  auto data = part.data;
  if (redraws(spec)) draw_targets(data, part.truth, spec.noise, kind, random);
  return data;
}

}  // namespace

DataSource csv(const CsvSpec& given, TargetKind kind, std::uint64_t seed) {
  check(given, kind);
  auto spec = given;
  const auto table = read_table(spec.path, spec);
  std::optional<Coding> coding;
  if (!redraws(spec)) coding.emplace(table, spec, kind);
  auto parts = read_parts(table, coding, spec, kind, seed);
  if (spec.standardize_target) standardize(parts, spec);

  DataSource source;
  source.names = {table.inputs, spec.target, {}};
  if (kind == TargetKind::classes)
    source.names.classes = coding ? coding->classes() : std::vector<std::string>{"0", "1"};
  source.test = test_set(std::move(parts.test), spec, kind, seed);
  source.validation = draw(parts.validation, spec, kind, {seed, "validation-noise"});
  source.redraws = redraws(spec);
  source.draw = [part = std::move(parts.train), spec, kind, seed](std::uint64_t,
                                                                  std::uint64_t noise) {
    return draw(part, spec, kind, {seed, "noise", noise});
  };
  return source;
}

}  // namespace descent::data
