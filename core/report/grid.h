// SPDX-License-Identifier: MIT
// The points of an experiment and the values of its swept paths, and what follows from what.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/reader.h"

namespace descent::report {

// A swept path: its values at all points, each stored once.
struct SweptPath {
  std::string path;
  std::string name;                  // the shortest end of the path that is the end of no other
  std::vector<store::Value> values;  // distinct; numbers ascending, then texts
  std::vector<int> codes;            // by point: a place in values, -1: the point has no such path

  bool has_text() const;  // a value other than a number or a truth value
  bool is_text() const;   // no number among the values
  std::size_t numbers() const;
};

using Paths = std::vector<std::size_t>;   // places in Grid::paths
using Points = std::vector<std::size_t>;  // places in Grid::ids

class Grid {
 public:
  // values[path][i] is the value of point i; monostate where the point has no such path.
  Grid(std::vector<std::int64_t> ids, const std::vector<std::string>& paths,
       const std::map<std::string, std::vector<store::Value>>& values);

  const std::vector<std::int64_t>& ids() const { return ids_; }
  std::size_t size() const { return ids_.size(); }
  const std::vector<SweptPath>& paths() const { return paths_; }
  std::size_t place(std::int64_t id) const;

  // Paths with at least two values, counting "not set" as one.
  Paths varied() const;
  // Whether points that agree in `by` agree in the path.
  bool follows(std::size_t path, const Paths& by) const;
  // The number of each point's class: points that agree in `by` have the same, from 0.
  std::vector<std::size_t> classes(const Paths& by) const;
  // null where the point does not have the path
  const store::Value* value(std::size_t path, std::size_t point) const;

 private:
  std::vector<std::int64_t> ids_;
  std::vector<SweptPath> paths_;
};

// Whether a value is one of the words true and false, as the store shows truth values.
bool is_truth_value(const store::Value& value);

}  // namespace descent::report
