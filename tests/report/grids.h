// SPDX-License-Identifier: MIT
// Grids of points for tests: a column of values for each swept path.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/axes.h"
#include "report/grid.h"

namespace descent::report {

using Columns = std::vector<std::pair<std::string, std::vector<store::Value>>>;

inline const store::Value none;
inline store::Value word(const char* text) { return std::string(text); }
inline store::Value whole(std::int64_t number) { return number; }

// Points 1, 2, ...
inline Grid grid_of(const Columns& columns) {
  std::vector<std::int64_t> ids;
  std::vector<std::string> paths;
  std::map<std::string, std::vector<store::Value>> values;
  for (const auto& [path, column] : columns) {
    paths.push_back(path);
    values[path] = column;
  }
  for (std::size_t i = 0; i < columns.at(0).second.size(); ++i) ids.push_back(std::int64_t(i) + 1);
  return Grid(std::move(ids), paths, values);
}

inline std::vector<std::string> names(const Grid& grid, const Paths& paths) {
  std::vector<std::string> all;
  for (const auto p : paths) all.push_back(grid.paths()[p].path);
  return all;
}

}  // namespace descent::report
