// SPDX-License-Identifier: MIT
#include "data/label_encoding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
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

bool is_number(const std::string& text) { return number(text).has_value(); }

std::vector<std::string> distinct(const TextColumn& column) {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < column.size(); ++i) seen.insert(column.text(i));
  return {seen.begin(), seen.end()};
}

std::optional<Field> first_not_number(const Table& table, const TextColumn& column) {
  for (std::size_t i = 0; i < column.size(); ++i)
    if (!table.dialect.number(column.text(i))) return column[i];
  return {};
}

void check_classes(const Table& table, const Labels& labels, const std::string& column) {
  if (labels.numeric())
    for (std::size_t i = 0; i < table.targets[0].size(); ++i)
      if (const auto text = table.targets[0].text(i); !whole_digits(text))
        refuse(table.path, table.targets[0][i],
               fmt::format("the loss wants classes, and column '{}' holds {}; classes are text or "
                           "whole numbers; of measured numbers, {}",
                           column, shortened(std::string(text)), remedy(TargetKind::classes)));
  if (labels.names().size() < 2)
    throw Error(Place{table.path}, fmt::format("column '{}' holds the single class '{}'; at least "
                                               "two are needed",
                                               column, shortened(labels.names()[0])));
}

// A column of numbers with a misprint looks like text with many values: report the misprint
// instead.
void check_two_valued(const Table& table, const TextColumn& fields, const Labels& labels,
                      const std::string& column, TargetKind kind) {
  if (labels.names().size() == 2) return;
  const auto text = *first_not_number(table, fields);
  const std::string in = kind == TargetKind::signs ? "" : "in ";
  refuse(table.path, text,
         fmt::format("the loss wants {}: column '{}' must hold numbers {}{} or text of two values; "
                     "'{}' is no number, and the column has {} {}",
                     noun(kind), column, in, values(kind), shortened(text.text),
                     labels.names().size(), labels.names().size() == 1 ? "value" : "values"));
}

// A column of labels, in which no misprint is to be pointed at.
void check_numeric(const Table& table, const TextColumn& fields, const std::string& column,
                   TargetKind kind) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (table.dialect.number(fields.text(i))) return;
  refuse(table.path, fields[0],
         fmt::format("the loss wants {}, and column '{}' holds text, such as '{}'; {}", noun(kind),
                     column, shortened(fields[0].text), remedy(TargetKind::numbers)));
}

bool may_be_two_labels(TargetKind kind) {
  using enum TargetKind;
  return kind == probabilities || kind == distributions || kind == signs;
}

// Two classes are written 0 and 1, or -1 and 1: whether the column has the other of these spellings
// than the loss.
bool is_respelt(const TextColumn& fields, TargetKind kind) {
  const double other = kind == TargetKind::signs ? 0 : -1;
  const auto is = [](double value) {
    return [=](std::string_view text) { return number(text) == value; };
  };
  return fields.any(is(other)) &&
         fields.all([&](std::string_view text) { return is(other)(text) || is(1)(text); });
}

}  // namespace

Labels::Labels(const TextColumn& column) : Labels(distinct(column)) {}

Labels::Labels(const std::vector<std::string>& values)
    : numeric_(std::ranges::all_of(values, is_number)) {
  std::set<std::string> seen;
  for (const auto& value : values) seen.insert(key(value));
  names_.assign(seen.begin(), seen.end());
  if (numeric_) std::ranges::stable_sort(names_, is_below);
  for (const auto& name : names_) codes_.emplace(name, std::int64_t(codes_.size()));
}

std::string Labels::key(const std::string& text) const {
  const auto digits = numeric_ ? whole_digits(text) : std::nullopt;
  return digits ? *digits : text;
}

std::optional<std::int64_t> Labels::code(const std::string& text) const {
  const auto found = codes_.find(key(text));
  if (found == codes_.end()) return {};
  return found->second;
}

TargetCoding::TargetCoding(const Table& table, TargetKind kind)
    : kind_(kind),
      names_(table.target_names),
      labels_(names_.size()),
      respelt_(names_.size(), false) {
  if (kind == TargetKind::classes) {
    labels_[0].emplace(table.targets[0]);
    check_classes(table, *labels_[0], names_[0]);
  }
  if (kind == TargetKind::classes) return;
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const auto& fields = table.targets[k];
    const auto is_read = [&](std::string_view text) {
      return table.dialect.number(text).has_value();
    };
    if (!may_be_two_labels(kind)) {
      check_numeric(table, fields, names_[k], kind);
      continue;
    }
    if (fields.all(is_read)) {
      respelt_[k] = is_respelt(fields, kind);
      continue;
    }
    labels_[k].emplace(fields);
    check_two_valued(table, fields, *labels_[k], names_[k], kind);
  }
}

double TargetCoding::label(const Table& table, const Field& field, std::size_t column) const {
  if (const auto code = labels_[column]->code(field.text))
    return kind_ == TargetKind::signs ? double(2 * *code - 1) : double(*code);
  refuse(
      table.path, field,
      fmt::format("column '{}': '{}' is not among the training file's values{}{}", names_[column],
                  shortened(field.text), did_you_mean(field.text, labels_[column]->names()),
                  strip_hint(field, column)));
}

// The test set of the census data ends its labels with a point.
std::string TargetCoding::strip_hint(const Field& field, std::size_t column) const {
  if (field.text.empty() || !std::ispunct(static_cast<unsigned char>(field.text.back()))) return "";
  if (!labels_[column]->code(field.text.substr(0, field.text.size() - 1))) return "";
  return fmt::format(" To read labels without it, set data.csv.labels: {{strip: \"{}\"}}",
                     field.text.back());
}

double TargetCoding::number_of(const Table& table, const Field& field, std::size_t column) const {
  const auto written = number(table.path, field, names_[column], table.dialect);
  if (respelt_[column]) {
    const bool signs = kind_ == TargetKind::signs;
    if (written == 1 || written == (signs ? 0 : -1)) return signs ? 2 * written - 1 : written > 0;
    refuse(table.path, field,
           fmt::format("column '{}' holds {} here, and {} and 1 in the training file",
                       names_[column], shortened(field.text), signs ? 0 : -1));
  }
  if (const auto wrong = objection(kind_, written); !wrong.empty())
    refuse(table.path, field,
           fmt::format("the loss wants {}, and column '{}' holds {}, which is {}; {}", noun(kind_),
                       names_[column], shortened(field.text), wrong, remedy(kind_)));
  return written;
}

void TargetCoding::check_sums(const Table& table, std::span<const std::uint64_t> rows,
                              const arma::mat& values) const {
  const bool logarithms = kind_ == TargetKind::log_distributions;
  for (arma::uword i = 0; i < values.n_cols; ++i) {
    const double sum =
        arma::accu(logarithms ? arma::vec(arma::exp(values.col(i))) : arma::vec(values.col(i)));
    if (std::abs(sum - 1) <= rounding_of_sum(double(values.n_rows)) + 1e-9) continue;
    refuse(table.path, table.targets[0][rows[i]],
           fmt::format("the loss wants a probability for every class, and those of columns {} sum "
                       "to {:.6g} here, not to 1; name a column for each class, or divide each by "
                       "the sum of its row",
                       fmt::join(names_, ", "), sum));
  }
}

void TargetCoding::apply(const Table& table, std::span<const std::uint64_t> rows,
                         Dataset& data) const {
  arma::mat values(names_.size(), rows.size());
  for (arma::uword k = 0; k < values.n_rows; ++k) {
    std::unordered_map<std::string, double> seen;  // of labels
    for (arma::uword i = 0; i < values.n_cols; ++i) {
      const auto field = table.targets[k][rows[i]];
      if (!labels_[k]) {
        values(k, i) = number_of(table, field, k);
        continue;
      }
      const auto [known, is_new] = seen.try_emplace(field.text);
      if (is_new) known->second = label(table, field, k);
      values(k, i) = known->second;
    }
  }
  if (is_distribution(kind_)) check_sums(table, rows, values);
  if (kind_ == TargetKind::classes)
    data.classes.assign(values.begin(), values.end());
  else
    data.targets = std::move(values);
}

std::vector<std::vector<std::string>> TargetCoding::labels() const {
  std::vector<std::vector<std::string>> all(labels_.size());
  if (kind_ == TargetKind::classes) return all;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (labels_[k]) all[k] = labels_[k]->names();
  return all;
}

std::vector<std::string> TargetCoding::classes() const {
  if (kind_ != TargetKind::classes) return {};
  return labels_[0]->names();
}

}  // namespace descent::data
