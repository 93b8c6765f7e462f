// SPDX-License-Identifier: MIT
// Data from files: read, split, coded; with a known truth, targets are redrawn about it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "data/coding.h"
#include "data/data_source.h"
#include "data/date.h"
#include "data/label_encoding.h"
#include "data/leaks.h"
#include "data/noise.h"
#include "data/poor_targets.h"
#include "data/spec_problems.h"
#include "data/split.h"
#include "data/table.h"
#include "data/weights.h"

namespace descent::data {
namespace {

// FileSamples, and the expectation of their targets, if it is known.
struct SampleSet {
  Dataset data;
  arma::mat truth{};  // k x n; empty when unknown
  std::uint64_t class_count = 0;
};

void check(const CsvSpec& spec, TargetKind kind) {
  if (auto problems = problems_of_csv(spec, kind); !problems.empty())
    throw Error(std::move(problems));
  if (!spec.truth.empty()) check(spec.noise, kind);
  check_flip(spec.label_flip, kind, "data.csv.labels.flip");
}

arma::mat read_truth(const Table& table, std::span<const std::uint64_t> rows, const CsvSpec& spec,
                     TargetKind kind) {
  arma::mat truth(table.truth.size(), rows.size());
  for (arma::uword k = 0; k < truth.n_rows; ++k)
    for (arma::uword i = 0; i < truth.n_cols; ++i) {
      const auto field = table.truth[k][rows[i]];
      truth(k, i) = number(table.path, field, spec.truth[k], table.dialect);
      if (const auto wrong = truth_objection(truth(k, i), spec.noise, kind); !wrong.empty())
        throw Error(Place{table.path, field.line, field.column},
                    fmt::format("column '{}' holds {}; {}", spec.truth[k], field.text, wrong));
    }
  return truth;
}

Rows all_rows(const Table& table) {
  Rows rows(table.size());
  std::iota(rows.begin(), rows.end(), std::uint64_t{0});
  return rows;
}

// Those that `missing: {numbers: drop}` keeps.
Rows kept_rows(const Table& table, const MissingSpec& missing) {
  auto rows = all_rows(table);
  if (!missing.is_given || missing.numbers != MissingSpec::Numbers::drop) return rows;
  for (const auto& column : table.inputs) {
    if (column.kind == ColumnKind::category || column.missing == 0) continue;
    std::erase_if(rows, [&](std::uint64_t row) { return column.is_missing(row); });
  }
  if (rows.empty())
    throw Error(Place{table.path},
                "every row has a missing value; choose another way than data.csv.missing: "
                "{numbers: drop}");
  return rows;
}

// One file of samples, and those of its rows that are used.
struct FileSamples {
  Table table;
  Rows rows;
};

FileSamples open(const std::string& path, const CsvSpec& spec, const std::string& labels,
                 const std::vector<Column>* expected = nullptr) {
  FileSamples samples{read_table(path, spec, labels, expected), {}};
  samples.rows = kept_rows(samples.table, spec.missing);
  return samples;
}

// Training, validation and test set of one split.
struct Sets {
  SampleSet train, validation, test;
  Coding coding;
  arma::vec shift{}, scale{};  // of a target that was standardized
  double noise_scale = 1;      // what the sd of the noise was divided by
};

// A training file with those of its validation and test sets, if they have their own.
class Files {
 public:
  Files(const CsvSpec& spec, TargetKind kind, std::uint64_t seed)
      : spec_(spec), kind_(kind), seed_(seed), main_(open(spec.path, spec, spec.labels_path)) {
    const auto* expected = &main_.table.inputs;
    auto other = spec;
    other.dialect.separator = separator();
    if (!spec.test_path.empty())
      test_ = open(spec.test_path, other, spec.test_labels_path, expected);
    if (!spec.validation_path.empty())
      validation_ = open(spec.validation_path, other, spec.validation_labels_path, expected);
    if (!redraws(spec)) targets_.emplace(main_.table, kind);
    if (spec.stratify && kind == TargetKind::classes && targets_) {
      Dataset all;
      targets_->apply(main_.table, all_rows(main_.table), all);
      classes_ = std::move(all.classes);
    }
  }

  // index: of the split; several: others follow, of which all have inputs of the same names.
  Sets sets(std::uint64_t index, bool several) const {
    auto [train, validation, test] = rows_of(index);
    Sets sets;
    sets.coding = Coding(main_.table, train, spec_, several ? main_.rows : Rows());
    sets.train = take(main_.table, train, sets.coding);
    sets.test =
        test_ ? take(test_->table, test_->rows, sets.coding) : take(main_.table, test, sets.coding);
    sets.validation = validation_ ? take(validation_->table, validation_->rows, sets.coding)
                                  : take(main_.table, validation, sets.coding);
    if (spec_.standardize_target) standardize(sets);
    return sets;
  }

  const Table& table() const { return main_.table; }
  // Of few lines the separator could be mistaken; files of one experiment belong together.
  std::string separator() const {
    return main_.table.lines[0] > 0 ? std::string(1, main_.table.dialect.separator)
                                    : spec_.dialect.separator;
  }
  std::uint64_t left_out() const { return main_.table.size() - main_.rows.size(); }
  std::vector<std::vector<std::string>> labels() const {
    return targets_ ? targets_->labels() : std::vector<std::vector<std::string>>();
  }

  std::vector<std::string> classes() const {
    if (kind_ != TargetKind::classes) return {};
    return targets_ ? targets_->classes() : std::vector<std::string>{"0", "1"};
  }

 private:
  struct RowSets {
    Rows train, validation, test;
  };

  RowSets rows_of(std::uint64_t index) const {
    RowSets rows{main_.rows, {}, {}};
    const auto hold_out = [&](Rows& held, double fraction, const char* stream, const char* key) {
      if (fraction > 0)
        std::tie(rows.train, held) = split(main_.table, rows.train, fraction, spec_, classes_,
                                           Random(seed_, stream, index), key);
    };
    if (spec_.test_folds > 0) {
      const auto count = spec_.test_folds;
      rows.test = folds(main_.table, rows.train, count, spec_, classes_,
                        Random(seed_, "split", index / count))[index % count];
      Rows rest;
      std::ranges::set_difference(rows.train, rows.test, std::back_inserter(rest));
      rows.train = std::move(rest);
    }
    hold_out(rows.test, spec_.test_fraction, "split", "test");
    hold_out(rows.validation, spec_.validation_fraction, "validation-split", "validation");
    return rows;
  }

  SampleSet take(const Table& table, const Rows& rows, const Coding& coding) const {
    SampleSet part;
    part.data.features = coding.apply(table, rows);
    if (rows.empty()) return part;
    if (table.lines[0] > 0)
      for (const auto row : rows) part.data.lines.push_back(table.lines[row]);
    if (!table.weights.is_empty()) {
      arma::rowvec weights(rows.size());
      for (arma::uword i = 0; i < rows.size(); ++i) weights[i] = table.weights[rows[i]];
      part.data.weights = to_mean_one(weights);
    }
    if (!spec_.truth.empty()) part.truth = read_truth(table, rows, spec_, kind_);
    if (targets_) targets_->apply(table, rows, part.data);
    return part;
  }

  // The target rows, fitted on the training part as the file has it: one scale for every replicate
  // of a split. Targets drawn about the truth take the truth's scale; as noise scales along, all
  // that follows happens on the new scale.
  void standardize(Sets& sets) const {
    const auto& train = sets.train;
    const arma::mat& fitted = redraws(spec_) ? train.truth : train.data.targets;
    const Standardizer scale(fitted, train.data.weights);
    for (arma::uword k = 0; k < fitted.n_rows; ++k)
      if (scale.sd(k) == 0)
        throw Error(
            Place{spec_.path},
            fmt::format("column '{}' is {} in every training row and cannot be standardized",
                        main_.table.target_names[k], fitted(k, 0)));
    sets.shift.set_size(fitted.n_rows);
    sets.scale.set_size(fitted.n_rows);
    for (arma::uword k = 0; k < fitted.n_rows; ++k)
      sets.shift[k] = scale.units()[k] * scale.means()[k], sets.scale[k] = scale.sd(k);
    for (auto* part : {&sets.train, &sets.validation, &sets.test}) {
      auto& targets = part->data.targets;
      if (!targets.is_empty()) targets = scale(targets);
      if (!part->truth.is_empty()) part->truth = scale(part->truth);
    }
    sets.noise_scale = scale.sd(0);
  }

  CsvSpec spec_;
  TargetKind kind_;
  std::uint64_t seed_;
  FileSamples main_;
  std::optional<FileSamples> test_, validation_;
  std::optional<TargetCoding> targets_;  // none when they are redrawn
  std::vector<std::int64_t> classes_;    // of each row of the main file, where splits keep shares
};

TestSet test_set(SampleSet part, const NoiseSpec& noise, bool redrawn, TargetKind kind,
                 Random random) {
  TestSet test;
  test.data = std::move(part.data);
  if (part.truth.is_empty()) return test;
  test.expectation = part.truth;
  if (redrawn) {
    draw_targets(test.data, part.truth, noise, kind, random);
    set_truth(test, part.truth, noise, kind);
  }
  return test;
}

bool are_dates(const std::vector<std::string>& values) {
  DateReader reader;
  return std::ranges::all_of(values, [&](const std::string& value) { return reader.add(value); });
}

std::vector<std::string> notes_of(const Files& files, const CsvSpec& spec) {
  std::vector<std::string> notes;
  const auto& table = files.table();
  for (const auto& column : table.inputs)
    if (column.found_itself)
      notes.push_back(
          fmt::format("column '{}' holds text and is categorical: {} values{}", column.name,
                      column.values.size(),
                      are_dates(column.values)
                          ? fmt::format("; if they are dates, set data.csv.columns: {{date: [{}]}}",
                                        column.name)
                          : ""));
  std::uint64_t missing = 0;
  for (const auto& column : table.inputs) missing += column.missing;
  if (files.left_out() > 0)
    notes.push_back(fmt::format("{} of {} rows are left out for missing values", files.left_out(),
                                table.size()));
  else if (missing > 0)
    notes.push_back(fmt::format("{} missing values of the inputs are filled in", missing));
  if (table.without_target > 0)
    notes.push_back(fmt::format("{} rows without a target are left out", table.without_target));
  if (!table.left.empty())
    notes.push_back(fmt::format("not read: {}", fmt::join(table.left, ", ")));
  if (spec.stratify && !files.classes().empty() &&
      (spec.test_fraction > 0 || spec.validation_fraction > 0 || spec.test_folds > 0))
    notes.emplace_back("splits keep the shares of the classes (data.csv.stratify)");
  return notes;
}

// The sets of one split, ready for training.
SplitData split_data(Sets sets, const CsvSpec& given, TargetKind kind, std::uint64_t seed,
                     std::uint64_t index) {
  SplitData data;
  auto noise = given.noise;
  noise.sd /= sets.noise_scale;
  const bool redrawn = redraws(given);
  data.inputs = sets.coding.inputs();
  data.preparation = {given, std::move(sets.coding), kind, {}, {}, sets.shift, sets.scale};
  data.test = test_set(std::move(sets.test), noise, redrawn, kind, {seed, "test-noise", index});
  data.validation = std::move(sets.validation.data);
  if (redrawn && !sets.validation.truth.is_empty())
    draw_targets(data.validation, sets.validation.truth, noise, kind,
                 {seed, "validation-noise", index});
  const auto flip = given.label_flip;
  if (!redrawn) {  // of a large file there is no memory for a second set
    data.pool = std::move(sets.train.data);
    flip_labels(data.pool, flip, kind, sets.train.class_count, {seed, "label-noise", 0});
    return data;
  }
  const auto part = std::make_shared<const SampleSet>(std::move(sets.train));
  data.draw = [part, noise, kind, seed, flip](std::uint64_t, std::uint64_t stream) {
    auto drawn = part->data;
    draw_targets(drawn, part->truth, noise, kind, {seed, "noise", stream});
    flip_labels(drawn, flip, kind, part->class_count, {seed, "label-noise", stream});
    return drawn;
  };
  data.pool = data.draw(0, 0);
  return data;
}

}  // namespace

DataSource csv(const CsvSpec& spec, TargetKind kind, std::uint64_t seed, bool several_splits) {
  check(spec, kind);
  if (several_splits && spec.test_fraction == 0 && spec.test_folds == 0 &&
      spec.validation_fraction == 0)
    throw Error::at("replicates.vary",
                    "split needs data.csv.test or data.csv.validation to be a fraction "
                    "or kfold");
  const auto files = std::make_shared<const Files>(spec, kind, seed);
  DataSource source;
  source.notes = notes_of(*files, spec);
  source.names = {{}, files->table().target_names, files->classes()};
  const auto split = [spec, kind, seed, names = source.names, several_splits](const Files& from,
                                                                              std::uint64_t index) {
    auto sets = from.sets(index, several_splits);
    sets.train.class_count = names.classes.size();
    std::vector<std::string> warnings;
    if (index == 0) warnings = leaks(from.table(), sets.train.data, sets.coding.inputs());
    if (index == 0)
      for (auto& warning : poor_targets(sets.train.data, names))
        warnings.push_back(std::move(warning));
    auto data = split_data(std::move(sets), spec, kind, seed, index);
    if (auto warning = variance_warning(spec.noise); index == 0 && !warning.empty())
      warnings.push_back(std::move(warning));
    data.warnings = std::move(warnings);
    data.preparation.spec.dialect.separator = from.separator();
    data.preparation.targets = names.targets;
    data.preparation.classes = names.classes;
    data.preparation.labels = from.labels();
    return data;
  };
  source.first = split(*files, 0);
  source.names.inputs = source.first.inputs;
  if (several_splits)
    source.split = [files, split](std::uint64_t index) { return split(*files, index); };
  return source;
}

}  // namespace descent::data
