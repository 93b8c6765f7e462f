// SPDX-License-Identifier: MIT
#include "data/label_encoding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/number.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "data/target_kind.h"

namespace descent::data {
namespace {

// Of whole numbers, as digits.
bool is_below(const std::string& a, const std::string& b) {
  const bool a_negative = a.starts_with('-'), b_negative = b.starts_with('-');
  if (a_negative != b_negative) return a_negative;
  const auto size = [](const std::string& digits) { return std::pair(digits.size(), digits); };
  return a_negative ? size(b) < size(a) : size(a) < size(b);
}

[[noreturn]] void refuse(const std::string& path, const Field& field, const std::string& text) {
  throw Error(Place{path, field.line, field.column}, text);
}

bool is_number(const Field& field) { return number(field.text).has_value(); }

void check_classes(const CsvTable& table, const Labels& labels, const std::string& column) {
  if (labels.numeric())
    for (const auto& field : table.targets[0])
      if (!whole_digits(field.text))
        refuse(table.path, field,
               fmt::format("the loss wants classes, and column '{}' holds {}; classes are text or "
                           "whole numbers; of measured numbers, {}",
                           column, shortened(field.text), remedy(TargetKind::classes)));
  if (labels.names().size() < 2)
    throw Error(Place{table.path}, fmt::format("column '{}' holds the single class '{}'; at least "
                                               "two are needed",
                                               column, shortened(labels.names()[0])));
}

// A column of numbers with a misprint looks like text with many values: report the misprint
// instead.
void check_two_valued(const CsvTable& table, const std::vector<Field>& fields, const Labels& labels,
                      const std::string& column, TargetKind kind) {
  if (labels.names().size() == 2) return;
  const auto& text = *std::ranges::find_if_not(fields, is_number);
  const std::string in = kind == TargetKind::signs ? "" : "in ";
  refuse(table.path, text,
         fmt::format("the loss wants {}: column '{}' must hold numbers {}{} or text of two values; "
                     "'{}' is no number, and the column has {} {}",
                     noun(kind), column, in, values(kind), shortened(text.text),
                     labels.names().size(), labels.names().size() == 1 ? "value" : "values"));
}

// A column of labels, in which no misprint is to be pointed at.
void check_numeric(const CsvTable& table, const std::vector<Field>& fields,
                   const std::string& column, TargetKind kind) {
  if (std::ranges::any_of(fields, is_number)) return;
  refuse(table.path, fields[0],
         fmt::format("the loss wants {}, and column '{}' holds text, as '{}'; {}", noun(kind),
                     column, shortened(fields[0].text), remedy(TargetKind::numbers)));
}

bool may_be_two_labels(TargetKind kind) {
  using enum TargetKind;
  return kind == probabilities || kind == distributions || kind == signs;
}

// Two classes are written 0 and 1, or -1 and 1: whether the column has the other of these spellings
// than the loss.
bool is_respelt(const std::vector<Field>& fields, TargetKind kind) {
  const double other = kind == TargetKind::signs ? 0 : -1;
  const auto is = [](double value) {
    return [=](const Field& field) { return *number(field.text) == value; };
  };
  return std::ranges::any_of(fields, is(other)) &&
         std::ranges::all_of(fields, [&](auto& field) { return is(other)(field) || is(1)(field); });
}

}  // namespace

Labels::Labels(const std::vector<Field>& column)
    : numeric_(std::ranges::all_of(column, is_number)) {
  std::set<std::string> seen;
  for (const auto& field : column) seen.insert(key(field));
  names_.assign(seen.begin(), seen.end());
  if (numeric_) std::ranges::stable_sort(names_, is_below);
  for (const auto& name : names_) codes_.emplace(name, std::int64_t(codes_.size()));
}

std::string Labels::key(const Field& field) const {
  const auto digits = numeric_ ? whole_digits(field.text) : std::nullopt;
  return digits ? *digits : field.text;
}

std::optional<std::int64_t> Labels::code(const Field& field) const {
  const auto found = codes_.find(key(field));
  if (found == codes_.end()) return {};
  return found->second;
}

Coding::Coding(const CsvTable& table, const CsvSpec& spec, TargetKind kind)
    : kind_(kind),
      names_(spec.target),
      labels_(spec.target.size()),
      respelt_(spec.target.size(), false) {
  if (kind == TargetKind::classes) {
    if (names_.size() != 1)
      throw Error(fmt::format("data.csv.target: the loss wants classes of one column, not of {}",
                              names_.size()));
    labels_[0].emplace(table.targets[0]);
    check_classes(table, *labels_[0], names_[0]);
  }
  if (kind == TargetKind::classes) return;
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const auto& fields = table.targets[k];
    if (!may_be_two_labels(kind)) {
      check_numeric(table, fields, names_[k], kind);
      continue;
    }
    if (std::ranges::all_of(fields, is_number)) {
      respelt_[k] = is_respelt(fields, kind);
      continue;
    }
    labels_[k].emplace(fields);
    check_two_valued(table, fields, *labels_[k], names_[k], kind);
  }
}

double Coding::value(const std::string& path, const Field& field, std::size_t column) const {
  const auto& labels = labels_[column];
  if (!labels) return number_of(path, field, column);
  if (const auto code = labels->code(field))
    return kind_ == TargetKind::signs ? double(2 * *code - 1) : double(*code);
  refuse(path, field,
         fmt::format("column '{}': '{}' is not among the training file's values{}", names_[column],
                     shortened(field.text), did_you_mean(field.text, labels->names())));
}

double Coding::number_of(const std::string& path, const Field& field, std::size_t column) const {
  const auto written = number(path, field, names_[column]);
  if (respelt_[column]) {
    const bool signs = kind_ == TargetKind::signs;
    if (written == 1 || written == (signs ? 0 : -1)) return signs ? 2 * written - 1 : written > 0;
    refuse(path, field,
           fmt::format("column '{}' holds {} here, and {} and 1 in the training file",
                       names_[column], shortened(field.text), signs ? 0 : -1));
  }
  if (const auto wrong = objection(kind_, written); !wrong.empty())
    refuse(path, field,
           fmt::format("the loss wants {}, and column '{}' holds {}, which is {}; {}", noun(kind_),
                       names_[column], shortened(field.text), wrong, remedy(kind_)));
  return written;
}

void Coding::check_sums(const CsvTable& table, const arma::mat& values) const {
  const bool logarithms = kind_ == TargetKind::log_distributions;
  for (arma::uword i = 0; i < values.n_cols; ++i) {
    const double sum =
        arma::accu(logarithms ? arma::vec(arma::exp(values.col(i))) : arma::vec(values.col(i)));
    if (std::abs(sum - 1) <= rounding_of_sum(double(values.n_rows)) + 1e-9) continue;
    refuse(table.path, table.targets[0][i],
           fmt::format("the loss wants a probability for every class, and those of columns {} sum "
                       "to {:.6g} here, not to 1; name a column for each class, or divide each by "
                       "the sum of its row",
                       fmt::join(names_, ", "), sum));
  }
}

void Coding::apply(const CsvTable& table, Dataset& data) const {
  arma::mat values(names_.size(), table.size());
  for (arma::uword k = 0; k < values.n_rows; ++k)
    for (arma::uword i = 0; i < values.n_cols; ++i)
      values(k, i) = value(table.path, table.targets[k][i], k);
  if (is_distribution(kind_)) check_sums(table, values);
  if (kind_ == TargetKind::classes)
    data.classes.assign(values.begin(), values.end());
  else
    data.targets = std::move(values);
}

std::vector<std::string> Coding::classes() const {
  if (kind_ != TargetKind::classes) return {};
  return labels_[0]->names();
}

}  // namespace descent::data
