// SPDX-License-Identifier: MIT
// Evaluates the operands of `where` for the points of a grid: once for each variant, and for each
// value of a free axis.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "experiment/grid/filter.h"
#include "experiment/grid/point_grid.h"

namespace descent::experiment {

class FilterEvaluator {
 public:
  using Resolve = std::function<nlohmann::json(std::uint64_t index)>;  // of a point
  FilterEvaluator(const Where& where, const PointGrid& grid, Resolve resolve);

  // One for each question of `where`; valid until the next call.
  const std::vector<double>& of(std::uint64_t index, const PointRef& ref);

  // Adds a problem for each path that no point asked had, and for each with values that are never
  // of the type that is asked for.
  void check(std::vector<Problem>& problems) const;

 private:
  struct Seen {
    bool held = false, fits = false;
  };

  const std::vector<double>& of_variant(std::uint64_t index, std::uint64_t variant);
  double of_value(std::size_t question, std::size_t axis, std::uint64_t value);
  void note(std::size_t question, const nlohmann::json* value);

  const Where& where_;
  const PointGrid& grid_;
  Resolve resolve_;
  std::vector<std::vector<std::size_t>> questions_;        // of each free axis
  std::vector<std::vector<std::vector<double>>> numbers_;  // by axis, question, value; once known
  std::vector<std::vector<bool>> known_;                   // by axis, value
  std::unordered_map<std::uint64_t, std::vector<double>> variants_met_;
  std::vector<Seen> seen_;
  std::set<std::string> paths_;
  std::vector<double> answers_;
};

}  // namespace descent::experiment
