// SPDX-License-Identifier: MIT
#include "docs/output.h"

#include <algorithm>
#include <cmath>
#include <regex>

namespace descent::docs {
namespace {

const std::string elision = "...";

// Both lists from their ends: an elision takes nothing, or one more of the others.
template <class List, class Same>
bool matches(const List& shown, const List& printed, Same same) {
  std::vector<char> row(printed.size() + 1, 0);
  row.back() = 1;  // row[j]: the rest of `shown` matches `printed` from j on
  for (std::size_t i = shown.size(); i-- > 0;) {
    std::vector<char> next(row.size(), 0);
    for (std::size_t j = row.size(); j-- > 0;) {
      if (shown[i] == elision)
        next[j] = row[j] || (j + 1 < row.size() && next[j + 1]);
      else
        next[j] = j + 1 < row.size() && row[j + 1] && same(shown[i], printed[j]);
    }
    row = next;
  }
  return row.front();
}

Lines words_of(const std::string& line) {
  static const std::regex word(
      R"(\.\.\.|-{2,}|[-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|[^ ])");
  static const std::regex unit("s|ms|us|ns|min|h");
  Lines words;
  for (std::sregex_iterator i(line.begin(), line.end(), word), end; i != end; ++i) {
    const auto text = i->str();
    if (!words.empty() && std::regex_match(text, unit)) {
      words.back() = "time";
      const auto n = words.size();  // less than 0.1 s
      if (n > 2 && words[n - 3] == "less") words.erase(words.end() - 3, words.end() - 1);
    }
    words.push_back(text.starts_with("--") ? "--" : text);
  }
  return words;
}

bool is_real(const std::string& word) {
  static const std::regex real(R"([-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?)");
  return std::regex_match(word, real);
}

bool same_word(const std::string& shown, const std::string& printed) {
  if (shown == printed) return true;
  if (!is_real(shown) || !is_real(printed)) return false;
  if ((shown + printed).find_first_of(".e") == std::string::npos) return false;
  const double a = std::stod(shown), b = std::stod(printed);
  return std::abs(a - b) <= std::max(1e-4, 0.01 * std::max(std::abs(a), std::abs(b)));
}

bool same_line(const std::string& shown, const std::string& printed) {
  return matches(words_of(shown), words_of(printed), same_word);
}

Lines trimmed(Lines lines) {
  for (auto& line : lines) line.erase(line.find_last_not_of(" \r") + 1);
  return lines;
}

}  // namespace

bool agrees(const Lines& shown, const Lines& printed) {
  return matches(trimmed(shown), trimmed(printed), same_line);
}

Lines updated(const Lines& shown, const Lines& printed) {
  const auto all = trimmed(printed);
  const auto cut = std::find(shown.begin(), shown.end(), elision);
  if (cut == shown.end()) return all;
  const auto head = cut - shown.begin(), tail = shown.end() - cut - 1;
  if (head + tail >= std::ptrdiff_t(all.size())) return all;
  Lines lines(all.begin(), all.begin() + head);
  lines.push_back(elision);
  lines.insert(lines.end(), all.end() - tail, all.end());
  return lines;
}

}  // namespace descent::docs
