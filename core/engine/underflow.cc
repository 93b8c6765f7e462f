// SPDX-License-Identifier: MIT
#include "engine/underflow.h"

#include <fmt/format.h>

#include <cmath>

#include "experiment/schema/path.h"

namespace descent::engine {

std::string underflow_warning(const std::string& path, double value, Element type) {
  if (value == 0 || std::abs(value) > smallest(type) / 2) return "";
  return fmt::format(
      "{} = {:g} is 0 in {} (its smallest number above 0 is {:.3g}); set dtype: float64, or write "
      "0",
      path, value, name(type), smallest(type));
}

std::vector<std::pair<std::string, std::string>> underflow_warnings(
    const experiment::Point& point) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto* section : {"optimizer", "loss", "regularizer", "model"}) {
    const auto& given = experiment::value_at(point.configuration, section);
    for (const auto& [path, value] : experiment::flatten({{section, given}})) {
      if (!value.is_number()) continue;
      if (auto text = underflow_warning(path, value, point.settings.dtype); !text.empty())
        found.emplace_back(path, std::move(text));
    }
  }
  return found;
}

}  // namespace descent::engine
