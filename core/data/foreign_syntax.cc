// SPDX-License-Identifier: MIT
#include "data/foreign_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace descent::data {
namespace {

constexpr std::pair<std::string_view, std::string_view> words[] = {
    {"and", "'and' is written &&"},
    {"or", "'or' is written ||"},
    {"not", "there is no 'not'; write (condition) == 0"},
    {"pow", "there is no function 'pow'; powers are written x^2"},
    {"mod", "there is no remainder of a division"},
    {"fmod", "there is no remainder of a division"},
    {"floor", "there is no function 'floor'; rint rounds to the nearest whole number"},
    {"ceil", "there is no function 'ceil'; rint rounds to the nearest whole number"},
    {"round", "there is no function 'round'; rint rounds to the nearest whole number"},
    {"int", "there is no function 'int'; rint rounds to the nearest whole number"},
};

constexpr std::pair<std::string_view, std::string_view> operators[] = {
    {"&&", ""},
    {"||", ""},
    {"!=", ""},
    {"&", "'and' is written &&"},
    {"|", "'or' is written ||"},
    {"!", "there is no '!'; write (condition) == 0"},
    {"%", "there is no remainder of a division"},
    {"**", "powers are written x^2"},
};

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool starts_number(char c) { return std::isdigit(static_cast<unsigned char>(c)) || c == '.'; }

std::size_t end_of_word(const std::string& text, std::size_t at) {
  while (at < text.size() && (starts_word(text[at]) || starts_number(text[at]))) ++at;
  return at;
}

std::string hint_for(std::string_view word) {
  const auto* const found =
      std::ranges::find(words, word, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(words) ? "" : std::string(found->second);
}

bool wants_a_value(std::string_view before) {
  const auto last = before.find_last_not_of(' ');
  return last == before.npos ||
         std::string_view("(,+-*/^<>=&|?:").find(before[last]) != before.npos;
}

// Of the operator at the position, and its length; 1 for other characters.
std::pair<std::size_t, std::string> operator_hint(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  if (rest.starts_with('|') && wants_a_value(text.substr(0, at)))
    return {1, "absolute values are written abs(x)"};
  for (const auto& [name, hint] : operators)
    if (rest.starts_with(name)) return {name.size(), std::string(hint)};
  return {1, ""};
}

}  // namespace

std::optional<ForeignSyntax> foreign_syntax(const std::string& text,
                                            const std::vector<std::string>& variables) {
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    std::string hint;
    if (starts_word(text[at])) {
      at = end_of_word(text, at);
      const auto word = text.substr(begin, at - begin);
      if (std::ranges::count(variables, word) == 0) hint = hint_for(word);
    } else if (starts_number(text[at])) {
      char* end = nullptr;
      const double value = std::strtod(text.c_str() + at, &end);
      at = std::max(std::size_t(end - text.c_str()), at + 1);
      if (std::isinf(value))
        hint = fmt::format("{} is too large a number", text.substr(begin, at - begin));
    } else if (text[at] == '"' || text[at] == '\'') {
      const auto end = text.find(text[at], at + 1);
      at = end == text.npos ? text.size() : end + 1;
    } else {
      const auto [length, found] = operator_hint(text, at);
      at += length;
      hint = found;
    }
    if (!hint.empty()) return ForeignSyntax{begin, hint};
  }
  return {};
}

}  // namespace descent::data
