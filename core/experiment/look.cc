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

}  // namespace descent::yaml
