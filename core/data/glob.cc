// SPDX-License-Identifier: MIT
#include "data/glob.h"

#include <algorithm>

namespace descent::data {

bool is_pattern(std::string_view text) { return text.find_first_of("*?") != text.npos; }

// Goes back to the last * only, which is enough: what earlier ones took can stay as it is.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern == name) return true;
  std::size_t p = 0, n = 0, star = pattern.npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p, ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](const auto& one) { return matches(one, name); });
}

}  // namespace descent::data
