// SPDX-License-Identifier: MIT
#include "data/column_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

#include "base/suggestion.h"
#include "base/utf8.h"
#include "data/label_encoding.h"
#include "data/large_pages.h"

namespace descent::data {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether the text is a number with a unit of a few letters behind it or a sign before it: not the
// P12 of a code.
bool is_adorned(std::string_view text, const Dialect& dialect) {
  constexpr std::size_t longest_unit = 6;
  const auto first = std::ranges::find_if(text, is_digit);
  if (first == text.end()) return false;
  const auto end = std::find_if(text.rbegin(), text.rend(), is_digit).base();
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  if (std::any_of(text.begin(), first, is_letter)) return false;
  if (std::size_t(text.end() - end) > longest_unit) return false;
  const std::string_view number(first, end);
  return dialect.number(number) || !other_notation(number, dialect).empty();
}

}  // namespace

MissingMarks::MissingMarks(const MissingSpec& spec, const Dialect& dialect) {
  for (const auto& mark : spec.values) {
    if (const auto number = dialect.number(mark)) numbers_.push_back(*number);
    if (const auto number = data::number(mark)) numbers_.push_back(*number);
    texts_.push_back(mark);
  }
}

bool MissingMarks::is_missing(std::string_view text) const {
  return std::ranges::find(texts_, text) != texts_.end();
}

bool MissingMarks::is_missing(double number) const {
  return !numbers_.empty() && std::ranges::find(numbers_, number) != numbers_.end();
}

ColumnBuilder::ColumnBuilder(ColumnRole role, const CsvSpec& spec, const Dialect& dialect,
                             const MissingMarks& marks)
    : role_(std::move(role)),
      spec_(spec),
      dialect_(dialect),
      marks_(marks),
      kind_(role_.kind.value_or(ColumnKind::number)),
      dates_(spec.columns.date_format, role_.date_order) {
  column_.name = role_.name;
  if (kind_ == ColumnKind::ordinal) column_.values = role_.order;
}

void ColumnBuilder::add(const Cell& cell) {
  ++rows_;
  switch (kind_) {
    case ColumnKind::number:
      return add_number(cell);
    case ColumnKind::category:
      return add_category(cell);
    case ColumnKind::ordinal:
      return add_ordinal(cell);
    case ColumnKind::date:
      if (marks_.is_missing(cell.text)) return add_missing(cell);
      if (!dates_.add(cell.text)) ++wrong_, note(first_wrong_, cell);
  }
}

void ColumnBuilder::reserve(std::size_t rows) {
  if (kind_ == ColumnKind::number) {
    column_.numbers.reserve(rows);
    prefer_large_pages(column_.numbers.data(), rows * sizeof(double));
  }
  if (kind_ == ColumnKind::category || kind_ == ColumnKind::ordinal) column_.codes.reserve(rows);
}

void ColumnBuilder::push(double number) {
  if (collected_count_ == collected_.size()) push_collected();
  collected_[collected_count_++] = number;
}

void ColumnBuilder::push_collected() {
  column_.numbers.insert(column_.numbers.end(), collected_.begin(),
                         collected_.begin() + std::ptrdiff_t(collected_count_));
  collected_count_ = 0;
}

void ColumnBuilder::add_number(const Cell& cell) {
  if (const auto value = dialect_.number(cell.text)) {
    if (marks_.is_missing(*value)) return add_missing(cell);
    if (!std::isfinite(*value)) note(first_too_large_, cell);
    ++numbers_;
    push(*value);
    return;
  }
  if (marks_.is_missing(cell.text)) return add_missing(cell);
  if (!role_.kind && numbers_ == 0) {
    become_text();
    return add_category(cell);
  }
  ++texts_;
  note(first_wrong_, cell);
  push(std::numeric_limits<double>::quiet_NaN());
}

// All values so far are missing.
void ColumnBuilder::become_text() {
  push_collected();
  kind_ = ColumnKind::category;
  column_.codes.assign(column_.numbers.size(), -1);
  column_.numbers = {};
  column_.found_itself = true;
}

void ColumnBuilder::add_category(const Cell& cell) {
  if (marks_.is_missing(cell.text)) return add_missing(cell);
  auto found = codes_.find(cell.text);
  if (found == codes_.end()) {
    found = codes_.emplace(cell.text, std::int32_t(codes_.size())).first;
    column_.values.emplace_back(cell.text);
    if (column_.found_itself && dialect_.number(cell.text)) note(first_number_, cell);
    if (column_.found_itself && !first_wrong_) note(first_wrong_, cell);
  }
  column_.codes.push_back(found->second);
}

void ColumnBuilder::add_ordinal(const Cell& cell) {
  const auto found = std::ranges::find(role_.order, cell.text);
  if (found == role_.order.end() && marks_.is_missing(cell.text)) return add_missing(cell);
  if (found == role_.order.end()) ++wrong_, note(first_wrong_, cell);
  column_.codes.push_back(found == role_.order.end() ? -1
                                                     : std::int32_t(found - role_.order.begin()));
}

void ColumnBuilder::add_missing(const Cell& cell) {
  ++column_.missing;
  note(first_missing_, cell);
  if (kind_ == ColumnKind::number)
    push(std::numeric_limits<double>::quiet_NaN());
  else if (kind_ == ColumnKind::date)
    dates_.add_missing();
  else
    column_.codes.push_back(-1);
}

void ColumnBuilder::note(std::optional<Field>& first, const Cell& cell) const {
  if (!first) first = Field{std::string(cell.text), cell.line, cell.column};
}

// A column of text in which all values are numbers in another notation, or which holds numbers too.
bool ColumnBuilder::is_mixed() const {
  if (!column_.found_itself) return false;
  return first_number_ || std::ranges::all_of(column_.values, [&](const std::string& value) {
           return !other_notation(value, dialect_).empty();
         });
}

std::size_t ColumnBuilder::excess() const {
  return column_.found_itself && !is_mixed() && codes_.size() > most_categories ? codes_.size() : 0;
}

std::string ColumnBuilder::adorned_number() const {
  const bool are_all = std::ranges::all_of(
      column_.values, [&](const std::string& value) { return is_adorned(value, dialect_); });
  return are_all && !column_.values.empty() ? column_.values.front() : "";
}

void ColumnBuilder::report(const std::string& path, std::vector<Problem>& problems) const {
  if (first_wrong_)
    if (const auto why = wrong_value(); !why.empty())
      problems.push_back({Place{path, first_wrong_->line, first_wrong_->column}, why});
  if (first_too_large_) {
    try {
      refuse_size(path, *first_too_large_, role_.name, Element::float64);
    } catch (const Error& error) {
      problems.push_back(error.problems().front());
    }
  }
  const bool are_dates = kind_ == ColumnKind::date && !first_wrong_;
  if (are_dates && (dates_.is_ambiguous() || dates_.contradicts_itself()))
    problems.push_back(
        {Place{path}, fmt::format("column '{}': days and months cannot be distinguished; give "
                                  "data.csv.columns.date_format: \"%d/%m/%Y\" or \"%m/%d/%Y\"",
                                  shortened(role_.name))});
  if (column_.missing > 0)
    if (const auto why = missing_values(); !why.empty())
      problems.push_back({Place{path, first_missing_->line, first_missing_->column}, why});
}

std::string ColumnBuilder::wrong_value() const {
  const auto& found = first_wrong_->text;
  const auto more = [](std::uint64_t count) {
    return count < 2 ? "" : fmt::format(" ({} such values)", count);
  };
  const auto holds = [&] {
    return fmt::format("column '{}' holds '{}'{}", shortened(role_.name), shortened(found),
                       more(wrong_));
  };
  if (kind_ == ColumnKind::number) {
    const bool may_be_text = !role_.kind && other_notation(found, dialect_).empty();
    return no_number(found, role_.name, dialect_) + more(texts_) +
           (may_be_text ? "; correct it, list it in data.csv.missing.values, or name the column "
                          "in data.csv.columns.categorical"
                        : "");
  }
  if (kind_ == ColumnKind::ordinal)
    return holds() + ", which data.csv.columns.ordinal does not list" +
           did_you_mean(found, role_.order);
  if (kind_ == ColumnKind::date) return holds() + ", which is no date" + valid_dates();
  if (!is_mixed()) return "";
  auto text = no_number(found, role_.name, dialect_);
  if (!first_number_) return text;
  const bool may_be_header =
      spec_.dialect.header == DialectSpec::Header::absent && column_.codes.front() == 0;
  return fmt::format(
      "{}; line {} holds the number {}. {}", text, first_number_->line,
      shortened(first_number_->text),
      may_be_header ? "If the first line is a header, leave data.csv.header out"
                    : "Name the column in data.csv.columns.categorical if it holds categories");
}

std::string ColumnBuilder::missing_values() const {
  const auto name = shortened(role_.name);
  if (spec_.missing.is_given)
    return column_.missing == rows_ && !role_.may_be_empty
               ? fmt::format("column '{}' holds no values; put it into data.csv.columns.leave",
                             name)
               : "";
  return fmt::format(
      "column '{}': {} of {} values {} missing ({}); set data.csv.missing: {}, or put the column "
      "into data.csv.columns.leave",
      name, column_.missing, rows_, column_.missing == 1 ? "is" : "are",
      first_missing_->text.empty() ? "empty" : "'" + shortened(first_missing_->text) + "'",
      kind_ == ColumnKind::category && !is_mixed()
          ? "{categories: own} to make them a category or {categories: most_frequent} to fill them "
            "in"
          : "{numbers: median} to fill them in or {numbers: drop} to leave such rows out");
}

std::string ColumnBuilder::valid_dates() const {
  const auto& format = spec_.columns.date_format;
  if (!format.empty()) return fmt::format(" of the format {}", format);
  switch (role_.date_order) {
    case DateOrder::unknown:
      return "; give data.csv.columns.date_format, as \"%d.%m.%Y\"";
    case DateOrder::year_first:
      return " as in the training file, whose dates are YYYY-MM-DD; write it so";
    case DateOrder::day_first:
      return " as in the training file, whose dates are DD/MM/YYYY; write it so, or as YYYY-MM-DD";
    case DateOrder::month_first:
      return " as in the training file, whose dates are MM/DD/YYYY; write it so, or as YYYY-MM-DD";
  }
  return "";
}

// 1, 2, 10 and not 1, 10, 2; "1.0" is "1".
void ColumnBuilder::sort_categories(Column& column) const {
  const Labels labels(column.values);
  std::vector<std::int32_t> position;
  for (const auto& value : column.values) position.push_back(std::int32_t(*labels.code(value)));
  for (auto& code : column.codes)
    if (code >= 0) code = position[std::size_t(code)];
  column.values = labels.names();
}

Column ColumnBuilder::finish(const std::string& path, std::vector<Problem>& problems) {
  push_collected();
  report(path, problems);
  column_.kind = kind_;
  if (kind_ == ColumnKind::category) sort_categories(column_);
  if (kind_ == ColumnKind::date) column_.date_order = dates_.order();
  if (kind_ == ColumnKind::date) column_.numbers = std::move(dates_).days();
  return std::move(column_);
}

}  // namespace descent::data
