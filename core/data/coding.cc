// SPDX-License-Identifier: MIT
#include "data/coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "data/large_pages.h"

namespace descent::data {
namespace {

constexpr std::size_t most_unknown_named = 5;  // values of a column, in messages
constexpr double not_there = std::numeric_limits<double>::quiet_NaN();

bool is_measured(ColumnKind kind) { return kind == ColumnKind::number || kind == ColumnKind::date; }

// Of numbers and ordinals; NaN: missing.
double value_at(const Column& column, std::uint64_t row) {
  if (is_measured(column.kind)) return column.numbers[row];
  return column.codes[row] < 0 ? not_there : double(column.codes[row]);
}

double weight_of(const Table& table, std::uint64_t row) {
  return table.weights.is_empty() ? 1 : table.weights[row];
}

// The mean by the sample weights of what is there; 0 where nothing is.
double mean_of(const Table& table, const Column& column, std::span<const std::uint64_t> rows) {
  double sum = 0, weights = 0;
  for (const auto row : rows)
    if (!column.is_missing(row)) {
      const double w = weight_of(table, row);
      weights += w;
      sum += w * (value_at(column, row));
    }
  return weights > 0 ? sum / weights : 0;
}

// Of what is there, a row of weight k counting as k rows: the middle of the two values between
// which half of the weight lies; 0 where nothing is.
double median_of(const Table& table, const Column& column, std::span<const std::uint64_t> rows) {
  std::vector<std::pair<double, double>> values;  // and their weights
  double all = 0;
  for (const auto row : rows)
    if (!column.is_missing(row)) {
      values.emplace_back(value_at(column, row), weight_of(table, row));
      all += values.back().second;
    }
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double half = all / 2, rounding = 1e-12 * all;
  double below = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    below += values[i].second;
    if (below < half - rounding) continue;
    const double value = values[i].first;
    const bool is_between = below <= half + rounding && i + 1 < values.size();
    return is_between ? value + (values[i + 1].first - value) / 2 : value;
  }
  return values.back().first;
}

bool has_missing(const Column& column, std::span<const std::uint64_t> rows) {
  return column.missing > 0 &&
         std::ranges::any_of(rows, [&](std::uint64_t row) { return column.is_missing(row); });
}

void learn_numbers(ColumnCoding& coding, const Table& table, const Column& column,
                   std::span<const std::uint64_t> rows, std::span<const std::uint64_t> known,
                   const MissingSpec& spec) {
  using enum MissingSpec::Numbers;
  if (column.kind == ColumnKind::ordinal) coding.categories = column.values;
  if (!spec.is_given || spec.numbers == drop) return;
  coding.fill =
      spec.numbers == median ? median_of(table, column, rows) : mean_of(table, column, rows);
  coding.indicator = spec.numbers == indicator && has_missing(column, known);
  coding.has_unseen_missing = coding.indicator && !has_missing(column, rows);
}

void learn_categories(ColumnCoding& coding, const Table& table, const Column& column,
                      std::span<const std::uint64_t> rows, std::span<const std::uint64_t> known,
                      const CsvSpec& spec) {
  std::vector<double> weights(column.values.size());
  std::vector<bool> is_known(column.values.size());
  for (const auto row : rows)
    if (column.codes[row] >= 0) weights[std::size_t(column.codes[row])] += weight_of(table, row);
  for (const auto row : known)
    if (column.codes[row] >= 0) is_known[std::size_t(column.codes[row])] = true;
  double most = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!is_known[i]) continue;
    const bool fills =
        spec.missing.is_given && spec.missing.categories == MissingSpec::Categories::most_frequent;
    if (fills && weights[i] > most) coding.fill = double(coding.categories.size());
    most = std::max(most, weights[i]);
    coding.categories.push_back(column.values[i]);
    if (weights[i] == 0) coding.unseen.push_back(column.values[i]);
  }
  coding.drop_first = spec.columns.drop_first && coding.categories.size() > 1;
  coding.unknown_zero = spec.columns.unknown_zero;
  coding.own_category = spec.missing.is_given &&
                        spec.missing.categories == MissingSpec::Categories::own &&
                        has_missing(column, known);
  coding.has_unseen_missing = coding.own_category && !has_missing(column, rows);
}

// Applies the coding of one column.
class ColumnWriter {
 public:
  ColumnWriter(const ColumnCoding& coding, const Table& table, const Column& column,
               std::vector<Problem>& problems)
      : coding_(coding), table_(table), column_(column), problems_(problems) {
    for (const auto& value : column.values) {
      const auto found = std::ranges::find(coding.categories, value);
      const bool is_known =
          found != coding.categories.end() && std::ranges::count(coding.unseen, value) == 0;
      position_.push_back(is_known ? int(found - coding.categories.begin()) : -1);
    }
  }

  // The samples [begin, end) of `to`, its rows from `first` on, which are zero.
  void write(arma::mat& to, arma::uword first, std::span<const std::uint64_t> rows,
             arma::uword begin, arma::uword end) {
    for (auto i = begin; i < end; ++i) {
      if (coding_.kind == ColumnKind::category)
        write_category(to.colptr(i) + first, rows[i]);
      else
        write_number(to.colptr(i) + first, rows[i]);
    }
  }

  // What was wrong in the rows so far.
  void report() const {
    report_missing();
    report_unknown();
  }

 private:
  void write_number(double* to, std::uint64_t row) {
    *to = is_measured(column_.kind) ? column_.numbers[row]
          : column_.codes[row] >= 0 ? double(position_[std::size_t(column_.codes[row])])
                                    : not_there;
    if (!std::isnan(*to)) return;
    *to = coding_.fill;
    if (coding_.indicator && !coding_.has_unseen_missing) to[1] = 1;
    if (std::isnan(coding_.fill)) note_missing(row);
  }

  void write_category(double* to, std::uint64_t row) {
    const auto code = column_.codes[row];
    const bool is_missing = code < 0;
    const auto count = int(coding_.categories.size());
    int at = is_missing ? -1 : position_[std::size_t(code)];
    if (is_missing && coding_.own_category && !coding_.has_unseen_missing) at = count;
    if (is_missing && !std::isnan(coding_.fill)) at = int(coding_.fill);
    if (at < 0 && !coding_.unknown_zero) is_missing ? note_missing(row) : note_unknown(row);
    at -= coding_.drop_first;
    if (at >= 0) to[at] = 1;
  }

  void note_missing(std::uint64_t row) {
    if (missing_++ == 0) first_missing_ = table_.lines[row];
  }
  void note_unknown(std::uint64_t row) {
    const auto& value = column_.values[std::size_t(column_.codes[row])];
    unknown_.try_emplace(value, table_.lines[row]);
  }

  void report_missing() const {
    if (missing_ > 0)
      problems_.push_back(
          {place(first_missing_),
           fmt::format("column '{}': {} {} missing, and the training rows had none to learn from; "
                       "fill {} in, leave such rows out, or train with {}",
                       coding_.name, missing_, missing_ == 1 ? "value is" : "values are",
                       missing_ == 1 ? "it" : "them",
                       coding_.kind == ColumnKind::category
                           ? "data.csv.columns.unknown: zero to read it as none of the categories"
                           : "data.csv.missing: {numbers: median}")});
  }

  void report_unknown() const {
    auto known = coding_.categories;
    std::erase_if(
        known, [&](const std::string& one) { return std::ranges::count(coding_.unseen, one) > 0; });
    std::size_t named = 0;
    for (const auto& [value, line] : unknown_) {
      if (named++ == most_unknown_named) break;
      problems_.push_back(
          {place(line),
           fmt::format("column '{}': '{}' is not among the categories of training{}; set "
                       "data.csv.columns.unknown: zero to read it as none of them",
                       coding_.name, shortened(value), did_you_mean(value, known))});
    }
    if (unknown_.size() > most_unknown_named)
      problems_.push_back(
          {Place{table_.path}, fmt::format("column '{}' has {} more unknown categories",
                                           coding_.name, unknown_.size() - most_unknown_named)});
  }

  Place place(std::uint32_t line) const {
    return {table_.path, int(line), 0};  // of a row; where its column begins is not kept
  }

  const ColumnCoding& coding_;
  const Table& table_;
  const Column& column_;
  std::vector<Problem>& problems_;
  std::vector<int> position_;  // of the column's values among the categories; -1: unknown
  std::uint64_t missing_ = 0;
  std::uint32_t first_missing_ = 0;
  std::map<std::string, std::uint32_t> unknown_;  // the line where each is first
};

const Column* column_of(const Table& table, const std::string& name) {
  const auto found = std::ranges::find(table.inputs, name, &Column::name);
  return found == table.inputs.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> ColumnCoding::rows() const {
  std::vector<std::string> names;
  if (kind != ColumnKind::category) {
    names.push_back(name);
    if (indicator) names.push_back(name + "=missing");
    return names;
  }
  for (std::size_t i = drop_first; i < categories.size(); ++i)
    names.push_back(fmt::format("{}={}", name, categories[i]));
  const bool is_taken = std::ranges::count(categories, "missing") > 0;
  if (own_category) names.push_back(name + (is_taken ? "=missing value" : "=missing"));
  return names;
}

Coding::Coding(const Table& table, std::span<const std::uint64_t> rows, const CsvSpec& spec,
               std::span<const std::uint64_t> known) {
  if (known.empty()) known = rows;
  for (const auto& column : table.inputs) {
    auto& coding = columns_.emplace_back();
    coding.name = column.name;
    coding.kind = column.kind;
    coding.date_order = column.date_order;
    if (column.kind == ColumnKind::category)
      learn_categories(coding, table, column, rows, known, spec);
    else
      learn_numbers(coding, table, column, rows, known, spec.missing);
  }
}

arma::mat Coding::apply(const Table& table, std::span<const std::uint64_t> rows) const {
  std::vector<Problem> problems;
  std::vector<std::pair<ColumnWriter, arma::uword>> writers;  // and the first row of each
  writers.reserve(columns_.size());
  arma::uword first = 0;
  for (const auto& coding : columns_) {
    const auto* column = column_of(table, coding.name);
    if (!column)
      problems.push_back({Place{table.path},
                          fmt::format("the training file's column '{}' is missing", coding.name)});
    else
      writers.emplace_back(ColumnWriter(coding, table, *column, problems), first);
    first += coding.rows().size();
  }
  arma::mat values(first, rows.size(), arma::fill::none);
  prefer_large_pages(values.memptr(), values.n_elem * sizeof(double));
  values.zeros();
  constexpr arma::uword block = 64;  // samples that stay in the cache from column to column
  for (arma::uword begin = 0; begin < rows.size(); begin += block)
    for (auto& [writer, to] : writers)
      writer.write(values, to, rows, begin, std::min<arma::uword>(begin + block, rows.size()));
  for (const auto& writer : writers) writer.first.report();
  if (!problems.empty()) throw Error(std::move(problems));
  return values;
}

std::vector<std::string> Coding::inputs() const {
  std::vector<std::string> names;
  for (const auto& column : columns_)
    for (auto& row : column.rows()) names.push_back(std::move(row));
  return names;
}

}  // namespace descent::data
