// SPDX-License-Identifier: MIT
// The column that orders the rows for a split: numbers, or dates (date.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/date.h"
#include "data/field.h"

namespace descent::data {

class TimeColumn {
 public:
  explicit TimeColumn(std::string name) : name_(std::move(name)) {}

  void add(const Cell& cell, const Dialect& dialect);
  // Numbers in the order of the rows' times. Adds to problems what is neither number nor date.
  std::vector<double> finish(const std::string& path, std::vector<Problem>& problems);

 private:
  std::string name_;
  bool is_number_ = true;
  std::vector<double> numbers_;
  DateReader dates_;
  std::optional<Field> wrong_;  // the first that is neither
};

}  // namespace descent::data
