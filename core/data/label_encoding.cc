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
                           "whole numbers",
                           column, shortened(field.text)));
  if (labels.names().size() < 2)
    throw Error(Place{table.path}, fmt::format("column '{}' holds the single class '{}'; at least "
                                               "two are needed",
                                               column, shortened(labels.names()[0])));
}

// A column of numbers with a misprint looks like text with many values: report the misprint
// instead.
void check_two_valued(const CsvTable& table, const std::vector<Field>& fields, const Labels& labels,
                      const std::string& column) {
  if (labels.names().size() == 2) return;
  const auto& text = *std::ranges::find_if_not(fields, is_number);
  refuse(table.path, text,
         fmt::format("the loss wants probabilities: column '{}' must hold numbers in [0, 1] or "
                     "text of two values; '{}' is no number, and the column has {} {}",
                     column, shortened(text.text), labels.names().size(),
                     labels.names().size() == 1 ? "value" : "values"));
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
    : kind_(kind), names_(spec.target), labels_(spec.target.size()) {
  if (kind == TargetKind::classes) {
    if (names_.size() != 1)
      throw Error(fmt::format("data.csv.target: the loss wants classes of one column, not of {}",
                              names_.size()));
    labels_[0].emplace(table.targets[0]);
    check_classes(table, *labels_[0], names_[0]);
  }
  if (kind == TargetKind::probabilities)
    for (std::size_t k = 0; k < names_.size(); ++k) {
      const auto& fields = table.targets[k];
      if (std::ranges::all_of(fields, is_number)) continue;
      labels_[k].emplace(fields);
      check_two_valued(table, fields, *labels_[k], names_[k]);
    }
}

double Coding::value(const std::string& path, const Field& field, std::size_t column) const {
  if (const auto& labels = labels_[column]) {
    if (const auto code = labels->code(field)) return double(*code);
    refuse(
        path, field,
        fmt::format("column '{}': '{}' is not among the training file's values{}", names_[column],
                    shortened(field.text), did_you_mean(field.text, labels->names())));
  }
  const auto found = number(path, field, names_[column]);
  if (kind_ == TargetKind::probabilities && (found < 0 || found > 1))
    refuse(path, field,
           fmt::format("the loss wants probabilities, and column '{}' holds {}, which "
                       "is outside [0, 1]",
                       names_[column], shortened(field.text)));
  return found;
}

void Coding::apply(const CsvTable& table, Dataset& data) const {
  arma::mat values(names_.size(), table.size());
  for (arma::uword k = 0; k < values.n_rows; ++k)
    for (arma::uword i = 0; i < values.n_cols; ++i)
      values(k, i) = value(table.path, table.targets[k][i], k);
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
