// SPDX-License-Identifier: MIT
// Reading a settled configuration in which values may be missing or null, as they had a problem.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace descent::yaml {

// The value at a dotted path of objects; null when there is none.
const nlohmann::json& look(const nlohmann::json& configuration, const std::string& path);

std::string word(const nlohmann::json& configuration,
                 const std::string& path);  // "": no text there
bool has(const nlohmann::json& configuration, const std::string& path);

// A path, or a list of them; null: none.
std::vector<std::string> paths_of(const nlohmann::json& one_or_list);

}  // namespace descent::yaml
