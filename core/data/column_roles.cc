// SPDX-License-Identifier: MIT
#include "data/column_roles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/suggestion.h"
#include "data/field.h"
#include "data/glob.h"

namespace descent::data {
namespace {

// Finds the role of every column of a file.
class RoleFinder {
 public:
  RoleFinder(const CsvReader& file, const CsvSpec& spec, std::vector<Problem>& problems)
      : file_(file), spec_(spec), columns_(spec.columns), problems_(problems) {}

  ColumnRoles find(const std::vector<Column>* expected, Reading reading) {
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
    bool all_found = true;
    for (const auto& column : expected) {
      const auto found = std::ranges::find(header, column.name);
      if (found == header.end()) {
        problem(fmt::format("the training file's column '{}' is missing{}", column.name,
                            all_found ? "; the columns here are " + columns_here() : ""));
        all_found = false;
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

  std::string columns_here() const {
    const auto first =
        std::span(file_.header()).first(std::min<std::size_t>(file_.header().size(), 12));
    return fmt::format("{}{}", fmt::join(first, ", "),
                       file_.header().size() > first.size() ? ", ..." : "");
  }

  const CsvReader& file_;
  const CsvSpec& spec_;
  const ColumnSpec& columns_;
  std::vector<Problem>& problems_;
  ColumnRoles roles_;
  std::set<std::size_t> taken_;
};

}  // namespace

void check_roles(const CsvSpec& spec) {
  if (spec.target.empty()) throw Error::at("data.csv.target", "name at least one column");
  // The truth may be the target: then targets are truth plus noise.
  std::set<std::string> seen(spec.truth.begin(), spec.truth.end());
  const auto refuse = [](const std::string& key, const std::string& column,
                         const std::string& other) {
    throw Error::at(
        "data.csv." + key,
        fmt::format("the column '{}' is also {}; a column has one role", column, other));
  };
  if (!spec.weight.empty() && !seen.insert(spec.weight).second)
    refuse("weight", spec.weight, "the truth");
  for (const auto& column : spec.truth) seen.erase(column);
  for (const auto& column : spec.target)
    if (!seen.insert(column).second)
      refuse("target", column, column == spec.weight ? "the weight" : "another target");
}

ColumnRoles find_roles(const CsvReader& file, const CsvSpec& spec,
                       const std::vector<Column>* expected, Reading reading,
                       std::vector<Problem>& problems) {
  return RoleFinder(file, spec, problems).find(expected, reading);
}

}  // namespace descent::data
