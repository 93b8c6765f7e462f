// SPDX-License-Identifier: MIT
#include "data/time_column.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace descent::data {

void TimeColumn::add(const Cell& cell, const Dialect& dialect) {
  if (numbers_.empty() && is_number_) is_number_ = dialect.number(cell.text).has_value();
  const auto number = dialect.number(cell.text);
  if (is_number_) numbers_.push_back(number.value_or(0));
  const bool is_right = is_number_ ? number.has_value() : dates_.add(cell.text);
  if (!is_right && !wrong_) wrong_ = Field{std::string(cell.text), cell.line, cell.column};
}

std::vector<double> TimeColumn::finish(const std::string& path, std::vector<Problem>& problems) {
  if (wrong_)
    problems.push_back({Place{path, wrong_->line, wrong_->column},
                        fmt::format("column '{}' (data.csv.time) holds '{}', which is no {}", name_,
                                    shortened(wrong_->text), is_number_ ? "number" : "date")});
  else if (!is_number_ && (dates_.is_ambiguous() || dates_.contradicts_itself()))
    problems.push_back(
        {Place{path}, fmt::format("column '{}' (data.csv.time): days and months cannot be "
                                  "distinguished; write dates as YYYY-MM-DD",
                                  name_)});
  return is_number_ ? std::move(numbers_) : std::move(dates_).days();
}

}  // namespace descent::data
