// SPDX-License-Identifier: MIT
#include "data/overview.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_set>

#include "base/utf8.h"

namespace descent::data {
namespace {

constexpr std::size_t most_values_shown = 6;

std::string day(double days) {
  using namespace std::chrono;
  const year_month_day date{sys_days(std::chrono::days(long(std::floor(days))))};
  return fmt::format("{}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()));
}

std::string some_of(const std::vector<std::string>& values) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < values.size() && i < most_values_shown; ++i)
    shown.push_back(shortened(values[i], 20));
  return fmt::format(
      "{}{}", fmt::join(shown, ", "),
      values.size() > most_values_shown ? fmt::format(", ... ({})", values.size()) : "");
}

std::vector<double> present(const Column& column) {
  std::vector<double> values;
  for (const auto value : column.numbers)
    if (!std::isnan(value)) values.push_back(value);
  return values;
}

std::string values_of(const Column& column) {
  if (column.kind == ColumnKind::category || column.kind == ColumnKind::ordinal)
    return some_of(column.values);
  const auto values = present(column);
  if (values.empty()) return "";
  const auto [low, high] = std::ranges::minmax(values);
  if (column.kind == ColumnKind::date) return fmt::format("{} to {}", day(low), day(high));
  return fmt::format("{:.6g} to {:.6g}, mean {:.6g}", low, high, arma::mean(arma::vec(values)));
}

const char* name(ColumnKind kind) {
  constexpr const char* names[] = {"number", "category", "ordinal", "date"};
  return names[static_cast<int>(kind)];
}

std::string values_of(const TextColumn& column) {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t i = 0; i < column.size() && counts.size() <= 50; ++i)
    ++counts[std::string(column.text(i))];
  std::vector<std::string> values;
  for (const auto& [value, count] : counts) values.push_back(value);
  return counts.size() > 50 ? "more than 50 values" : some_of(values);
}

std::vector<ColumnOverview> columns_of(const Table& table, const CsvSpec& spec) {
  std::vector<ColumnOverview> columns;
  for (std::size_t k = 0; k < table.targets.size(); ++k)
    columns.push_back({table.target_names[k], "target", values_of(table.targets[k])});
  for (const auto& column : table.inputs)
    columns.push_back({column.name, name(column.kind), values_of(column), column.missing});
  for (std::size_t k = 0; k < table.truth.size(); ++k)
    columns.push_back({spec.truth[k], "truth", values_of(table.truth[k])});
  for (const auto& [column, role] :
       {std::pair(&spec.weight, "weight"), std::pair(&spec.group, "group"),
        std::pair(&spec.time, "time")})
    if (!column->empty()) columns.push_back({*column, role, ""});
  for (const auto& column : table.left) columns.push_back({column, "not read", ""});
  return columns;
}

std::string dialect_of(const Table& table) {
  if (table.lines.empty() || table.lines[0] == 0) return "";
  return fmt::format(
      "separated by {}{}{}", table.dialect.separator_name(),
      table.dialect.decimal == ',' ? ", decimal comma" : "",
      table.dialect.thousands ? fmt::format(", thousands by '{}'", table.dialect.thousands) : "");
}

bool is_constant(const Column& column) {
  if (column.missing > 0) return false;
  if (column.kind == ColumnKind::category || column.kind == ColumnKind::ordinal)
    return std::ranges::all_of(column.codes, [&](auto code) { return code == column.codes[0]; });
  return std::ranges::all_of(column.numbers,
                             [&](auto value) { return value == column.numbers[0]; });
}

// Inputs and targets of a sample as bytes.
std::string sample(const Dataset& data, arma::uword i) {
  std::string bytes(reinterpret_cast<const char*>(data.features.colptr(i)),
                    data.features.n_rows * sizeof(double));
  if (!data.targets.is_empty())
    bytes.append(reinterpret_cast<const char*>(data.targets.colptr(i)),
                 data.targets.n_rows * sizeof(double));
  if (!data.classes.empty())
    bytes.append(reinterpret_cast<const char*>(&data.classes[i]), sizeof(std::int64_t));
  return bytes;
}

std::uint64_t repeated(const Dataset& training, const Dataset& test) {
  std::unordered_set<std::string> seen;
  for (arma::uword i = 0; i < training.size(); ++i) seen.insert(sample(training, i));
  std::uint64_t count = 0;
  for (arma::uword i = 0; i < test.size(); ++i) count += seen.contains(sample(test, i));
  return count;
}

std::vector<std::string> warnings_of(const Table& table, const ReplicateSampler& sampler) {
  auto warnings = sampler.warnings();
  for (const auto& column : table.inputs)
    if (is_constant(column))
      warnings.push_back(fmt::format("column '{}' has one value in all rows", column.name));
  if (const auto count = repeated(sampler.pool(), sampler.test().data))
    warnings.push_back(fmt::format("{} of {} test samples are in the training set, too", count,
                                   sampler.test().data.size()));
  return warnings;
}

std::vector<std::pair<std::string, std::uint64_t>> classes_of(const ReplicateSampler& sampler) {
  std::vector<std::pair<std::string, std::uint64_t>> classes;
  for (const auto& label : sampler.names().classes) classes.emplace_back(label, 0);
  for (const auto* set : {&sampler.pool(), &sampler.validation(), &sampler.test().data})
    for (const auto code : set->classes) ++classes[std::size_t(code)].second;
  return classes;
}

}  // namespace

Overview overview(const CsvSpec& spec, TargetKind, const ReplicateSampler& sampler,
                  std::uint64_t first_rows) {
  const auto table = read_table(spec.path, spec, spec.labels_path);
  Overview all;
  all.path = spec.path;
  all.rows = table.size();
  all.dialect = dialect_of(table);
  all.columns = columns_of(table, spec);
  all.inputs = sampler.names().inputs;
  all.classes = classes_of(sampler);
  all.training = sampler.pool().size();
  all.validation = sampler.validation().size();
  all.test = sampler.test().data.size();
  all.notes = sampler.notes();
  all.warnings = warnings_of(table, sampler);
  all.first = sampler.pool().features.head_cols(std::min<arma::uword>(first_rows, all.training));
  return all;
}

}  // namespace descent::data
