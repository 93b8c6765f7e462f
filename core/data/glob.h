// SPDX-License-Identifier: MIT
// Names with * for any text and ? for any character.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace descent::data {

bool is_pattern(std::string_view text);
bool matches(std::string_view pattern, std::string_view name);
bool matches_any(const std::vector<std::string>& patterns, std::string_view name);

}  // namespace descent::data
