// SPDX-License-Identifier: MIT
#include "data/leaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace descent::data {

bool looks_like_row_numbers(const Column& column) {
  constexpr std::size_t least = 10;  // fewer rows rise by chance
  const auto& values = column.numbers;
  if (column.kind != ColumnKind::number || column.missing > 0 || values.size() < 2) return false;
  if (!std::ranges::all_of(values, [](double v) { return v == std::floor(v); })) return false;
  auto sorted = values;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) return false;
  std::string name = column.name;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return char(std::tolower(static_cast<unsigned char>(c))); });
  const bool is_called_so = name == "id" || name.ends_with("_id") || name.ends_with(" id") ||
                            name.starts_with("unnamed_") || name == "index" || name == "row";
  return is_called_so || (values.size() >= least && std::ranges::is_sorted(values));
}

std::vector<std::string> copies_of_target(const Dataset& data,
                                          const std::vector<std::string>& inputs) {
  std::vector<std::string> found;
  if (data.targets.n_rows != 1 || data.size() < 3) return found;
  const arma::rowvec y = data.targets.row(0) - arma::mean(data.targets.row(0));
  for (arma::uword k = 0; k < data.features.n_rows; ++k) {
    const arma::rowvec x = data.features.row(k) - arma::mean(data.features.row(k));
    const double size = arma::norm(x) * arma::norm(y);
    if (size > 0 && std::abs(arma::dot(x, y)) > (1 - 1e-12) * size)
      found.push_back(inputs[k]);
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
