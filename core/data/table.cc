// SPDX-License-Identifier: MIT
#include "data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/suggestion.h"

namespace descent::data {
namespace {

// The columns of each role in the file.
struct Roles {
  std::vector<std::size_t> inputs, targets, truth, weight;
};

std::size_t find(const CsvReader& file, const std::string& column, const char* role) {
  const auto found = std::ranges::find(file.header(), column);
  if (found != file.header().end()) return std::size_t(found - file.header().begin());
  throw Error(Place{file.path(), 1, 1},
              fmt::format("there is no column '{}' (data.csv.{}){}", column, role,
                          did_you_mean(column, file.header())));
}

void check(const CsvSpec& spec) {
  if (spec.target.empty()) throw Error("data.csv.target: name at least one column");
  // The truth may be the target: then targets are truth plus noise.
  std::set<std::string> seen{spec.truth};
  const auto refuse = [](const std::string& column) {
    throw Error(fmt::format("data.csv: the column '{}' is named for two parts", column));
  };
  if (!spec.weight.empty() && !seen.insert(spec.weight).second) refuse(spec.weight);
  seen.erase(spec.truth);
  for (const auto& column : spec.target)
    if (!seen.insert(column).second) refuse(column);
}

Roles assign(const CsvReader& file, const CsvSpec& spec) {
  Roles roles;
  for (const auto& column : spec.target) roles.targets.push_back(find(file, column, "target"));
  if (!spec.truth.empty()) roles.truth.push_back(find(file, spec.truth, "truth"));
  if (!spec.weight.empty()) roles.weight.push_back(find(file, spec.weight, "weight"));
  std::set<std::size_t> taken(roles.targets.begin(), roles.targets.end());
  taken.insert(roles.truth.begin(), roles.truth.end());
  taken.insert(roles.weight.begin(), roles.weight.end());
  for (std::size_t i = 0; i < file.header().size(); ++i)
    if (!taken.contains(i)) roles.inputs.push_back(i);
  if (roles.inputs.empty()) throw Error(Place{file.path(), 1, 1}, "no column is left as an input");
  return roles;
}

double weight(const CsvReader& file, const Field& field, const std::string& column) {
  const auto value = number(file.path(), field, column);
  if (value >= 0) return value;
  throw Error(Place{file.path(), field.line, field.column},
              fmt::format("the weight {} must be >= 0", field.text));
}

}  // namespace

CsvTable read_table(const std::string& path, const CsvSpec& spec) {
  check(spec);
  CsvReader file(path);
  const auto& header = file.header();
  const auto roles = assign(file, spec);
  CsvTable table;
  table.path = path;
  table.targets.resize(roles.targets.size());
  for (const auto i : roles.inputs) table.inputs.push_back(header[i]);

  std::vector<double> features, weights, inputs;
  bool has_rows = false;
  for (; file.next(); has_rows = true) {
    const auto& row = file.record();
    inputs.clear();
    for (const auto i : roles.inputs) inputs.push_back(number(path, row[i], header[i]));
    for (const auto i : roles.weight) weights.push_back(weight(file, row[i], header[i]));
    if (!weights.empty() && weights.back() == 0) {  // as if the row were not there
      weights.pop_back();
      continue;
    }
    features.insert(features.end(), inputs.begin(), inputs.end());
    for (std::size_t k = 0; k < roles.targets.size(); ++k)
      table.targets[k].push_back(row[roles.targets[k]]);
    for (const auto i : roles.truth) table.truth.push_back(row[i]);
  }
  if (!has_rows) throw Error(Place{path}, "the file has a header and no rows");
  if (features.empty())
    throw Error(Place{path}, fmt::format("every weight in column '{}' is 0", spec.weight));
  table.features = arma::mat(features.data(), roles.inputs.size(), table.targets[0].size());
  table.weights = arma::rowvec(weights);
  return table;
}

void refuse_beyond(const std::string& path, const CsvSpec& spec, bool inputs, Element type) {
  CsvReader file(path);
  const auto roles = assign(file, spec);
  while (file.next()) {
    const auto& row = file.record();
    if (!roles.weight.empty() && number(row[roles.weight[0]].text) == 0.0) continue;
    for (const auto i : inputs ? roles.inputs : roles.targets)
      if (const auto value = number(row[i].text); value && std::abs(*value) > largest(type))
        refuse_size(path, row[i], file.header()[i], type);
  }
}

void align(CsvTable& table, const std::vector<std::string>& inputs) {
  for (const auto& column : table.inputs)
    if (std::ranges::find(inputs, column) == inputs.end())
      throw Error(Place{table.path, 1, 1},
                  fmt::format("the column '{}' is not among the training file's{}", column,
                              did_you_mean(column, inputs)));
  arma::uvec order(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto found = std::ranges::find(table.inputs, inputs[i]);
    if (found == table.inputs.end())
      throw Error(Place{table.path, 1, 1},
                  fmt::format("the training file's column '{}' is missing", inputs[i]));
    order[i] = arma::uword(found - table.inputs.begin());
  }
  table.features = arma::mat(table.features.rows(order));
  table.inputs = inputs;
}

}  // namespace descent::data
