// SPDX-License-Identifier: MIT
#include "cli/shell_word.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace descent::cli {

std::string shell_word(const std::string& word) {
  constexpr std::string_view harmless = "_-+=./,:@%";
  const auto plain = [&](unsigned char c) {
    return std::isalnum(c) || c >= 0x80 || harmless.find(char(c)) != harmless.npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string all = "'";
  for (const char c : word) all += c == '\'' ? "'\\''" : std::string(1, c);
  return all + "'";
}

}  // namespace descent::cli
