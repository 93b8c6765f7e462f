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
#include "base/number.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "data/column_builder.h"
#include "data/glob.h"
#include "data/idx.h"
#include "data/time_column.h"

namespace descent::data {
namespace {

using Positions = std::vector<std::size_t>;

// The columns of each role in the file.
struct Roles {
  Positions inputs, targets, truth, weight, group, time;
  std::vector<ColumnRole> input_roles;  // as inputs
};

void check(const CsvSpec& spec) {
  if (spec.target.empty()) throw Error("data.csv.target: name at least one column");
  // The truth may be the target: then targets are truth plus noise.
  std::set<std::string> seen(spec.truth.begin(), spec.truth.end());
  const auto refuse = [](const std::string& column) {
    throw Error(fmt::format("data.csv: the column '{}' is named for two parts", column));
  };
  if (!spec.weight.empty() && !seen.insert(spec.weight).second) refuse(spec.weight);
  for (const auto& column : spec.truth) seen.erase(column);
  for (const auto& column : spec.target)
    if (!seen.insert(column).second) refuse(column);
}

// Finds the role of every column of a file.
class RoleFinder {
 public:
  RoleFinder(const CsvReader& file, const CsvSpec& spec, std::vector<Problem>& problems)
      : file_(file), spec_(spec), columns_(spec.columns), problems_(problems) {}

  Roles find(const std::vector<Column>* expected, Reading reading) {
    if (reading == Reading::samples) {
      for (const auto& column : spec_.target) add(roles_.targets, column, "target");
      for (const auto& column : spec_.truth) add(roles_.truth, column, "truth");
      if (!spec_.weight.empty()) add(roles_.weight, spec_.weight, "weight");
      if (!spec_.group.empty()) add(roles_.group, spec_.group, "group");
      if (!spec_.time.empty()) add(roles_.time, spec_.time, "time");
    }
    expected ? find_expected(*expected, reading) : find_inputs();
    return std::move(roles_);
  }

 private:
  void problem(std::string text) {
    const auto line = file_.header_line();
    problems_.push_back({Place{file_.path(), line, line ? 1 : 0}, std::move(text)});
  }

  // The position of a name; a whole number that is no name counts columns from 1, or from the end.
  std::optional<std::size_t> position(const std::string& name) const {
    const auto& header = file_.header();
    if (const auto found = std::ranges::find(header, name); found != header.end())
      return std::size_t(found - header.begin());
    const auto number = data::number(name);
    if (!number || *number != std::floor(*number)) return {};
    const auto n = double(header.size());
    const double at = *number > 0 ? *number - 1 : *number < 0 ? n + *number : -1;
    return at >= 0 && at < n ? std::optional(std::size_t(at)) : std::nullopt;
  }

  void add(Positions& role, const std::string& column, const char* key) {
    const auto found = position(column);
    if (found) {
      role.push_back(*found);
      taken_.insert(*found);
    } else {
      problem(fmt::format("there is no column '{}' (data.csv.{}){}{}", column, key,
                          did_you_mean(column, file_.header()),
                          file_.header().size() == 1 && spec_.dialect.separator == "auto"
                              ? "; the file has one column: set data.csv.separator?"
                              : ""));
    }
  }

  void find_inputs() {
    check_patterns(columns_.use, "use");
    check_patterns(columns_.leave, "leave");
    check_patterns(columns_.categorical, "categorical");
    check_patterns(columns_.date, "date");
    for (const auto& [column, order] : columns_.ordinal) check_patterns({column}, "ordinal");
    const auto& header = file_.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (taken_.contains(i) || !is_used(header[i])) continue;
      if (header[i] == fmt::format("unnamed_{}", i + 1) && file_.header_line() &&
          !matches_any(columns_.use, header[i]))
        problem(
            fmt::format("column {} has no name; if it numbers the rows, set data.csv.columns: "
                        "{{leave: [unnamed_{}]}}, else name it",
                        i + 1, i + 1));
      roles_.inputs.push_back(i);
      roles_.input_roles.push_back(role_of(header[i]));
    }
    if (roles_.inputs.empty() && problems_.empty()) problem("no column is left as an input");
  }

  bool is_used(const std::string& name) const {
    return (columns_.use.empty() || matches_any(columns_.use, name)) &&
           !matches_any(columns_.leave, name);
  }

  void check_patterns(const std::vector<std::string>& patterns, const char* key) {
    for (const auto& pattern : patterns)
      if (std::ranges::none_of(file_.header(),
                               [&](const auto& name) { return matches(pattern, name); }))
        problem(fmt::format("there is no column '{}' (data.csv.columns.{}){}", pattern, key,
                            is_pattern(pattern) ? "" : did_you_mean(pattern, file_.header())));
  }

  ColumnRole role_of(const std::string& name) const {
    for (const auto& [column, order] : columns_.ordinal)
      if (matches(column, name)) return {name, ColumnKind::ordinal, order};
    if (matches_any(columns_.date, name)) return {name, ColumnKind::date};
    if (matches_any(columns_.categorical, name)) return {name, ColumnKind::category};
    return {name};
  }

  void find_expected(const std::vector<Column>& expected, Reading reading) {
    std::vector<std::string> names;
    names.reserve(expected.size());
    for (const auto& column : expected) names.push_back(column.name);
    const auto& header = file_.header();
    if (reading == Reading::samples)
      for (std::size_t i = 0; i < header.size(); ++i)
        if (!taken_.contains(i) && is_used(header[i]) && !std::ranges::count(names, header[i]))
          problem(fmt::format("the column '{}' is not among the training file's{}", header[i],
                              did_you_mean(header[i], names)));
    for (const auto& column : expected) {
      const auto found = std::ranges::find(header, column.name);
      if (found == header.end()) {
        problem(fmt::format("the training file's column '{}' is missing", column.name));
        continue;
      }
      roles_.inputs.push_back(std::size_t(found - header.begin()));
      auto role = role_of(column.name);
      role.kind = column.kind;
      role.may_be_empty = true;
      role.date_order = column.date_order;
      if (column.kind == ColumnKind::ordinal) role.order = column.values;
      roles_.input_roles.push_back(std::move(role));
    }
  }

  const CsvReader& file_;
  const CsvSpec& spec_;
  const ColumnSpec& columns_;
  std::vector<Problem>& problems_;
  Roles roles_;
  std::set<std::size_t> taken_;
};

// Reads the rows of a file into a table.
class TableReader {
 public:
  TableReader(const std::string& path, const CsvSpec& spec, const std::vector<Column>* expected,
              Reading reading)
      : spec_(spec),
        reading_(reading),
        file_(path, spec.dialect),
        marks_(spec.missing, file_.dialect()),
        roles_(RoleFinder(file_, spec, problems_).find(expected, reading)),
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
      const auto next = std::int32_t(groups_.size());
      table_.groups.push_back(groups_.try_emplace(std::string(row[i].text), next).first->second);
    }
    for (const auto i : roles_.time) time_.add(row[i], file_.dialect());
    table_.lines.push_back(std::uint32_t(row.empty() ? 0 : row[0].line));
  }

  void add_text(TextColumn& column, const Cell& cell, bool is_target) {
    auto text = cell.text;
    if (is_target && !spec_.label_strip.empty())
      while (!text.empty() && spec_.label_strip.find(text.back()) != std::string::npos)
        text.remove_suffix(1);
    column.push_back(text, cell.line, cell.column);
  }

  // False where the row is left out.
  bool add_weight(const Cell& cell) {
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
                       "data.csv.missing: {{targets: drop}} to leave such rows out",
                       shortened(file_.header()[column]), count,
                       count == 1 ? "value is" : "values are",
                       first.text.empty() ? "empty" : "'" + first.text + "'")});
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
        hint +=
            fmt::format("; '{}' holds numbers with other signs, as '{}': write the number alone",
                        shortened(input.name()), shortened(example));
    return hint;
  }

  const CsvSpec& spec_;
  Reading reading_;
  CsvReader file_;
  MissingMarks marks_;
  std::vector<Problem> problems_;
  Roles roles_;
  TimeColumn time_;
  std::vector<ColumnBuilder> inputs_;
  std::vector<double> weights_;
  std::map<std::string, std::int32_t> groups_;
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
  if (reading == Reading::samples) check(spec);
  return TableReader(path, spec, expected, reading).read();
}

void refuse_beyond(const std::string& path, const CsvSpec& spec, bool inputs, Element type) {
  if (is_idx(path)) return;
  CsvReader file(path, spec.dialect);
  std::vector<Problem> ignored;
  const auto roles = RoleFinder(file, spec, ignored).find(nullptr, Reading::samples);
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
