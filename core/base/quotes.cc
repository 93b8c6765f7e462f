// SPDX-License-Identifier: MIT
#include "base/quotes.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace descent {
namespace {

std::string quoted(const std::string& text, char quote, const std::string& quote_inside) {
  std::string all(1, quote);
  for (const char c : text) all += c == quote ? quote_inside : std::string(1, c);
  return all + quote;
}

}  // namespace

std::string shell_word(const std::string& word) {
  constexpr std::string_view harmless = "_-+=./,:@%";
  const auto is_plain = [&](unsigned char c) {
    return std::isalnum(c) || c >= 0x80 || harmless.find(char(c)) != harmless.npos;
  };
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return word;
  return quoted(word, '\'', "'\\''");
}

std::string sql_name(const std::string& identifier) { return quoted(identifier, '"', "\"\""); }

std::string sql_text(const std::string& text) { return quoted(text, '\'', "''"); }

}  // namespace descent
