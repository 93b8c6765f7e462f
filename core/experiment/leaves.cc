// SPDX-License-Identifier: MIT
#include <algorithm>

#include "experiment/experiment.h"

namespace descent {
namespace {

using nlohmann::json;

void collect(const json& value, const std::string& path,
             std::vector<std::pair<std::string, json>>& all) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (value.is_object()) {
    for (const auto& [key, child] : value.items())
      collect(child, key == "name" && !path.empty() ? path : prefix + key, all);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      collect(value[i], prefix + std::to_string(i), all);
  } else {
    all.emplace_back(path, value);
  }
}

}  // namespace

std::vector<std::pair<std::string, json>> leaves(const json& configuration) {
  std::vector<std::pair<std::string, json>> all;
  collect(configuration, "", all);
  std::ranges::sort(all, {}, [](const auto& leaf) -> const std::string& { return leaf.first; });
  return all;
}

}  // namespace descent
