// SPDX-License-Identifier: MIT
#include "data/leaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace descent::data {

namespace {

bool is_called_so(const std::string& given) {
  std::string name = given;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return char(std::tolower(static_cast<unsigned char>(c))); });
  for (const auto* whole : {"id", "index", "row", "rowid", "row_number", "rownames", "no", "nr"})
    if (name == whole) return true;
  return name.ends_with("_id") || name.ends_with(" id") || name.starts_with("unnamed_") ||
         given.ends_with("ID") || given.ends_with("Id");
}

// 7, 8, 9 in any order, or 10, 20, 30 in this one: by chance that is rare of many.
bool is_counted(const std::vector<double>& values, const std::vector<double>& sorted) {
  constexpr std::size_t least = 10;
  if (values.size() < least) return false;
  if (sorted.back() - sorted.front() == double(values.size() - 1)) return true;
  const double step = values[1] - values[0];
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] - values[i - 1] != step) return false;
  return true;
}

}  // namespace

bool looks_like_row_numbers(const Column& column) {
  const auto& values = column.numbers;
  if (column.kind != ColumnKind::number || column.missing > 0 || values.size() < 2) return false;
  if (!std::ranges::all_of(values, [](double v) { return v == std::floor(v); })) return false;
  auto sorted = values;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) return false;
  return is_called_so(column.name) || is_counted(values, sorted);
}

std::vector<std::string> copies_of_target(const Dataset& data,
                                          const std::vector<std::string>& inputs) {
  std::vector<std::string> found;
  if (data.targets.n_rows != 1 || data.size() < 3) return found;
  const arma::rowvec y = data.targets.row(0) - arma::mean(data.targets.row(0));
  for (arma::uword k = 0; k < data.features.n_rows; ++k) {
    const arma::rowvec x = data.features.row(k) - arma::mean(data.features.row(k));
    const double size = arma::norm(x) * arma::norm(y);
    if (size > 0 && std::abs(arma::dot(x, y)) > (1 - 1e-12) * size) found.push_back(inputs[k]);
  }
  return found;
}

std::vector<std::string> leaks(const Table& table, const Dataset& training,
                               const std::vector<std::string>& inputs) {
  std::vector<std::string> found;
  if (inputs.size() < 2) return found;
  for (const auto& column : table.inputs)
    if (looks_like_row_numbers(column))
      found.push_back(fmt::format(
          "column '{0}' looks like a row number: it is different in every row; leave it out with "
          "data.csv.columns: {{leave: [{0}]}}",
          column.name));
  for (const auto& name : copies_of_target(training, inputs))
    found.push_back(
        fmt::format("input '{}' is the target itself, but for scale; leave it out", name));
  return found;
}

}  // namespace descent::data
