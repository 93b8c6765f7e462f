// SPDX-License-Identifier: MIT
// An optimizer's trajectory against a table of weights that was computed elsewhere.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "conformance/against.h"
#include "conformance/checks.h"
#include "conformance/hyperparameter_changes.h"
#include "conformance/test_problems.h"
#include "host/optimizer.h"

namespace descent::conformance {
namespace {

constexpr std::uint64_t most_table_steps = 100'000;

struct Row {
  std::uint64_t step;
  arma::vec weights;
};

struct Table {
  std::map<std::string, double> hyperparameters;
  std::vector<Row> rows;
};

double number(const std::string& text, const std::string& path, int line) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0')
    throw Error({path, line, 0}, fmt::format("'{}' is not a number", text));
  return value;
}

void read_hyperparameters(const std::string& text, const std::string& path, int line,
                          Table& table) {
  std::istringstream words(text.substr(1));
  for (std::string word; words >> word;)
    if (const auto sign = word.find('='); sign != word.npos)
      table.hyperparameters[word.substr(0, sign)] = number(word.substr(sign + 1), path, line);
}

Row read_row(const std::string& text, const std::string& path, int line) {
  std::istringstream fields(text);
  std::vector<double> values;
  for (std::string field; std::getline(fields, field, ',');) {
    const auto first = field.find_first_not_of(" \r");
    if (first == field.npos) throw Error({path, line, 0}, "a number is missing between commas");
    values.push_back(
        number(field.substr(first, field.find_last_not_of(" \r") - first + 1), path, line));
  }
  if (values.size() != layered_size + 1)
    throw Error({path, line, 0},
                fmt::format("has {} numbers; a line is a step and {} weights, separated by commas",
                            values.size(), layered_size));
  if (!(values[0] >= 1 && values[0] <= double(most_table_steps)) ||
      values[0] != std::floor(values[0]))
    throw Error({path, line, 0}, fmt::format("'{}' is not a step: 1, 2, ..", values[0]));
  return {std::uint64_t(values[0]),
          arma::vec(std::vector<double>(values.begin() + 1, values.end()))};
}

Table read_table(const std::string& path) {
  const auto text = read_file(path);
  if (!text) throw Error({path, 0, 0}, "cannot be read");
  Table table;
  std::istringstream lines(*text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line == "\r") continue;
    if (line[0] == '#')
      read_hyperparameters(line, path, number, table);
    else
      table.rows.push_back(read_row(line, path, number));
    if (table.rows.size() > 1 && table.rows.end()[-2].step >= table.rows.back().step)
      throw Error({path, number, 0}, "comes after a later step; sort the lines by step");
  }
  if (table.rows.empty()) throw Error({path, 0, 0}, "has no line of weights");
  return table;
}

// The largest difference, relative to the trajectory's length.
template <class T>
double off_table(const host::Plugin& plugin, const Values& hyperparameters,
                 const std::vector<Row>& rows) {
  const arma::vec i = arma::regspace(1, layered_size), start = arma::cos(i);
  arma::Col<T> x = arma::conv_to<arma::Col<T>>::from(start), gradient(layered_size);
  host::Optimizer<T> optimizer(plugin, hyperparameters, layered_size, layered, rows.back().step);
  double worst = 0, length = 0;
  for (const auto& row : rows) {
    while (optimizer.steps() < row.step) {
      const auto t = optimizer.steps() + 1;
      const host::Objective<T> objective = [&](const arma::Col<T>& at, arma::Col<T>* slope) {
        const arma::vec there = arma::conv_to<arma::vec>::from(at), wave = arma::sin(double(t) * i);
        if (slope) *slope = arma::conv_to<arma::Col<T>>::from(there / i + wave);
        return arma::accu(arma::square(there) / (2 * i) + wave % there);
      };
      objective(x, &gradient);
      optimizer.step(x, gradient, t, t, objective);
    }
    const arma::vec now = arma::conv_to<arma::vec>::from(x);
    worst = worse(worst, largest<double>(now - row.weights));
    length = std::max(length, largest<double>(row.weights - start));
  }
  return worst == 0 ? 0 : worst / length;
}

Finding compared(const host::Plugin& plugin, const Values& hyperparameters,
                 const std::vector<Row>& rows) {
  // Tables hold some 16 digits, and a float 7, of which sums lose some.
  constexpr double limit = 1e-8, float_limit = 1e-3;
  const double off = off_table<double>(plugin, hyperparameters, rows);
  const double float_off = off_table<float>(plugin, hyperparameters, rows);
  if (off <= limit && !(float_off <= float_limit))
    return {float_off, float_limit,
            "in float32, largest relative distance from the table's weights"};
  return {
      off, limit,
      fmt::format("largest relative distance from the table's weights, of {} steps up to {}, at {}",
                  rows.size(), rows.back().step, text_of(plugin, hyperparameters))};
}

}  // namespace

Check against_table(const host::Plugin& plugin, const std::string& path) {
  if (plugin->kind != DESCENT_OPTIMIZER)
    throw Error({path, 0, 0},
                "tables are for optimizers; compare a loss or a regularizer with --vectors");
  const auto table = read_table(path);
  const auto hyperparameters = plugin.settle(table.hyperparameters).hyperparameters;
  return {"against the table", [plugin, hyperparameters, rows = table.rows] {
            return compared(plugin, hyperparameters, rows);
          }};
}

}  // namespace descent::conformance
