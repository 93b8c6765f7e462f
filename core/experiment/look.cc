// SPDX-License-Identifier: MIT
#include "experiment/look.h"

#include "experiment/locate.h"

namespace descent::yaml {

using nlohmann::json;

const json& look(const json& configuration, const std::string& path) {
  static const json none;
  const json* value = &configuration;
  for (const auto& segment : segments(path)) {
    if (!value->is_object() || !value->contains(segment)) return none;
    value = &(*value)[segment];
  }
  return *value;
}

std::string word(const json& configuration, const std::string& path) {
  const auto& value = look(configuration, path);
  return value.is_string() ? value.get<std::string>() : "";
}

bool has(const json& configuration, const std::string& path) {
  return !look(configuration, path).is_null();
}

std::vector<std::string> paths_of(const nlohmann::json& one_or_list) {
  if (one_or_list.is_string()) return {one_or_list.get<std::string>()};
  return one_or_list.is_array() ? one_or_list.get<std::vector<std::string>>()
                                : std::vector<std::string>();
}

}  // namespace descent::yaml
