// SPDX-License-Identifier: MIT
#include "data/header.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/csv.h"

namespace descent::data {

std::string odd_header(const Names& names) {
  const auto is_number = [](const std::string& name) { return number(name).has_value(); };
  const auto numbers = std::ranges::count_if(names.inputs, is_number) +
                       std::ranges::count_if(names.targets, is_number);
  const auto columns = names.inputs.size() + names.targets.size();
  if (2 * std::size_t(numbers) <= columns) return "";
  return fmt::format(
      "{} of {} column names are numbers: if the first row of the file is a sample, it is lost; "
      "add "
      "a row of names above it",
      numbers, columns);
}

}  // namespace descent::data
