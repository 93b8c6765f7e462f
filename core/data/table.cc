// SPDX-License-Identifier: MIT
#include "data/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/utf8.h"
#include "data/column_builder.h"
#include "data/column_roles.h"
#include "data/csv.h"
#include "data/idx.h"
#include "data/time_column.h"

namespace descent::data {
namespace {

// Reads the rows of a file into a table.
class TableReader {
 public:
  TableReader(const std::string& path, const CsvSpec& spec, const std::vector<Column>* expected,
              Reading reading)
      : spec_(spec),
        reading_(reading),
        file_(path, spec.dialect),
        marks_(spec.missing, file_.dialect()),
        roles_(find_roles(file_, spec, expected, reading, problems_)),
        time_(spec.time) {
    stop_at_problems();
    for (const auto& role : roles_.input_roles)
      inputs_.emplace_back(role, spec, file_.dialect(), marks_);
    table_.path = path;
    table_.dialect = file_.dialect();
    table_.targets.resize(roles_.targets.size());
    table_.truth.resize(roles_.truth.size());
    for (const auto i : roles_.targets) table_.target_names.push_back(file_.header()[i]);
    note_left();
  }

  Table read() {
    constexpr std::size_t enough = 1000;  // rows that tell how long a row is
    bool is_reserved = false;
    while (next()) {
      read_row(file_.record());
      if (is_reserved || table_.lines.size() < enough) continue;
      reserve();
      is_reserved = true;
    }
    if (table_.lines.empty() && problems_.empty()) refuse_no_rows();
    finish();
    stop_at_problems();
    return std::move(table_);
  }

 private:
  void stop_at_problems() {
    if (!problems_.empty()) throw Error(std::exchange(problems_, {}));
  }

  bool next() {
    try {
      return file_.next();
    } catch (const Error& error) {  // what the rows so far hold is reported, too
      const auto& found = error.problems();
      problems_.insert(problems_.end(), found.begin(), found.end());
      return false;
    }
  }

  // Memory that grows is copied, and twice as large for a while. What is reserved in excess is
  // never touched.
  void reserve() {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(table_.path, unknown);
    if (unknown || file_.position() == 0) return;
    const double times = 1.02 * double(size) / double(file_.position()) + 1;
    const auto rows = std::size_t(times * double(table_.lines.size()));
    for (auto& input : inputs_) input.reserve(rows);
    for (auto* columns : {&table_.targets, &table_.truth})
      for (auto& column : *columns) column.reserve(times);
    table_.lines.reserve(rows);
  }

  void note_left() {
    std::set<std::size_t> taken(roles_.inputs.begin(), roles_.inputs.end());
    for (const auto* role :
         {&roles_.targets, &roles_.truth, &roles_.weight, &roles_.group, &roles_.time})
      taken.insert(role->begin(), role->end());
    for (std::size_t i = 0; i < file_.header().size(); ++i)
      if (!taken.contains(i)) table_.left.push_back(file_.header()[i]);
  }

  void refuse_no_rows() {
    if (has_rows_ && zero_weights_)
      problems_.push_back(
          {Place{table_.path}, fmt::format("every weight in column '{}' is 0", spec_.weight)});
    else if (has_rows_)
      problems_.push_back({Place{table_.path}, "every row lacks a target"});
    else
      problems_.push_back({Place{table_.path}, file_.header_line()
                                                   ? "the file has a header and no rows"
                                                   : "the file has no rows"});
  }

  void read_row(const std::vector<Cell>& row) {
    has_rows_ = true;
    if (reading_ == Reading::samples)
      for (const auto i : roles_.weight)
        if (!add_weight(row[i])) return;
    if (reading_ == Reading::samples && lacks_target(row)) {
      ++table_.without_target;
      if (!weights_.empty()) weights_.pop_back();
      return;
    }
    for (std::size_t k = 0; k < roles_.inputs.size(); ++k) inputs_[k].add(row[roles_.inputs[k]]);
    for (std::size_t k = 0; k < roles_.targets.size(); ++k)
      add_text(table_.targets[k], row[roles_.targets[k]], true);
    for (std::size_t k = 0; k < roles_.truth.size(); ++k)
      add_text(table_.truth[k], row[roles_.truth[k]], false);
    for (const auto i : roles_.group) {
      if (marks_.is_missing(row[i].text)) note_missing(row[i], spec_.group, "group");
      const auto next = std::int32_t(groups_.size());
      table_.groups.push_back(groups_.try_emplace(std::string(row[i].text), next).first->second);
    }
    for (const auto i : roles_.time) {
      if (marks_.is_missing(row[i].text))
        note_missing(row[i], spec_.time, "time");
      else
        time_.add(row[i], file_.dialect());
    }
    table_.lines.push_back(std::uint32_t(row.empty() ? 0 : row[0].line));
  }

  void add_text(TextColumn& column, const Cell& cell, bool is_target) {
    auto text = cell.text;
    if (is_target && !spec_.label_strip.empty())
      while (!text.empty() && spec_.label_strip.find(text.back()) != std::string::npos)
        text.remove_suffix(1);
    column.push_back(text, cell.line, cell.column);
  }

  // Of a column that decides about rows, so that nothing can be filled in. The first one is
  // reported; the file would be a long list of the others.
  void note_missing(const Cell& cell, const std::string& column, const char* key) {
    if (missing_[key]++ == 0)
      problems_.push_back(
          {Place{table_.path, cell.line, cell.column},
           fmt::format(
               "column '{}' (data.csv.{}): the value is missing ({}); fill it in, or remove "
               "the row",
               shortened(column), key,
               cell.text.empty() ? "empty" : fmt::format("'{}'", cell.text))});
  }

  // False where the row is left out.
  bool add_weight(const Cell& cell) {
    if (marks_.is_missing(cell.text)) {
      note_missing(cell, spec_.weight, "weight");
      weights_.push_back(1);
      return true;
    }
    const Field field{std::string(cell.text), cell.line, cell.column};
    double value = 1;
    try {
      value = number(table_.path, field, spec_.weight, file_.dialect());
    } catch (const Error& error) {
      note(error.problems().front());
    }
    if (value < 0)
      note({Place{table_.path, cell.line, cell.column},
            fmt::format("the weight {} must be >= 0", cell.text)});
    if (value == 0) zero_weights_ = true;
    if (value == 0) return false;
    weights_.push_back(value);
    return true;
  }

  // The first of a kind is reported; the file would be a long list of the others.
  void note(Problem problem) {
    if (weight_problems_++ == 0) problems_.push_back(std::move(problem));
  }

  bool lacks_target(const std::vector<Cell>& row) {
    bool lacks = false;
    for (const auto i : roles_.targets) {
      if (!marks_.is_missing(row[i].text)) continue;
      lacks = true;
      auto& [count, first] = without_target_[i];
      if (count++ == 0) first = {std::string(row[i].text), row[i].line, row[i].column};
    }
    return lacks;
  }

  void finish() {
    for (const auto& [column, found] : without_target_) {
      if (spec_.missing.is_given && spec_.missing.drop_targets) continue;
      const auto& [count, first] = found;
      problems_.push_back(
          {Place{table_.path, first.line, first.column},
           fmt::format("column '{}', a target: {} {} missing ({}); targets are not filled in: set "
                       "data.csv.missing: {{targets: drop}} to leave such rows out{}",
                       shortened(file_.header()[column]), count,
                       count == 1 ? "value is" : "values are",
                       first.text.empty() ? "empty" : "'" + first.text + "'",
                       first.text.empty() ? ""
                                          : fmt::format(", or, if '{}' is a value, list what is "
                                                        "missing without it in data.csv.missing: "
                                                        "{{values: [...]}}",
                                                        first.text))});
    }
    report_excess();
    for (auto& input : inputs_) table_.inputs.push_back(input.finish(table_.path, problems_));
    if (!roles_.time.empty()) table_.time = time_.finish(table_.path, problems_);
    table_.weights = arma::rowvec(weights_);
  }

  void report_excess() {
    std::vector<std::string> columns, names;
    for (const auto& input : inputs_)
      if (const auto values = input.excess()) {
        columns.push_back(
            fmt::format("'{}' ({} different values)", shortened(input.name()), values));
        names.push_back(input.name());
      }
    if (columns.empty()) return;
    problems_.push_back(
        {Place{table_.path},
         fmt::format(
             "{} {} text of more than {} values: {}; set data.csv.columns: {{leave: [{}]}}, "
             "or name in data.csv.columns.categorical those that are categories{}",
             columns.size(), columns.size() == 1 ? "column holds" : "columns hold",
             ColumnBuilder::most_categories, fmt::join(columns, ", "), fmt::join(names, ", "),
             adorned_numbers())});
  }

  std::string adorned_numbers() const {
    std::string hint;
    for (const auto& input : inputs_)
      if (const auto example = input.excess() ? input.adorned_number() : ""; !example.empty())
        hint += fmt::format(
            "; '{}' holds numbers with other signs, such as '{}': write the number alone",
            shortened(input.name()), shortened(example));
    return hint;
  }

  const CsvSpec& spec_;
  Reading reading_;
  CsvReader file_;
  MissingMarks marks_;
  std::vector<Problem> problems_;
  ColumnRoles roles_;
  TimeColumn time_;
  std::vector<ColumnBuilder> inputs_;
  std::vector<double> weights_;
  std::map<std::string, std::int32_t> groups_;
  std::map<std::string, std::uint64_t> missing_;  // by key, of columns that decide about rows
  std::map<std::size_t, std::pair<std::uint64_t, Field>> without_target_;  // by column
  bool has_rows_ = false, zero_weights_ = false;
  std::size_t weight_problems_ = 0;
  Table table_;
};

}  // namespace

bool Column::is_missing(std::uint64_t row) const {
  return kind == ColumnKind::number || kind == ColumnKind::date ? std::isnan(numbers[row])
                                                                : codes[row] < 0;
}

Table read_table(const std::string& path, const CsvSpec& spec, const std::string& labels,
                 const std::vector<Column>* expected, Reading reading) {
  if (is_idx(path)) return read_idx(path, labels, reading);
  if (reading == Reading::samples) check_roles(spec);
  return TableReader(path, spec, expected, reading).read();
}

void refuse_beyond(const std::string& path, const CsvSpec& spec, bool inputs, Element type) {
  if (is_idx(path)) return;
  CsvReader file(path, spec.dialect);
  std::vector<Problem> ignored;
  const auto roles = find_roles(file, spec, nullptr, Reading::samples, ignored);
  const MissingMarks marks(spec.missing, file.dialect());
  while (file.next()) {
    const auto& row = file.record();
    if (!roles.weight.empty() && file.dialect().number(row[roles.weight[0]].text) == 0.0) continue;
    for (const auto i : inputs ? roles.inputs : roles.targets) {
      const auto value = file.dialect().number(row[i].text);
      if (value && std::abs(*value) > largest(type) && !marks.is_missing(*value))
        refuse_size(path, {std::string(row[i].text), row[i].line, row[i].column}, file.header()[i],
                    type);
    }
  }
}

}  // namespace descent::data
