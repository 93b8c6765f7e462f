// SPDX-License-Identifier: MIT
#include "experiment/document/syntax_error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace descent::experiment {
namespace {

using Lines = std::vector<std::string>;

bool is_letter(char c) { return std::isalnum((unsigned char)c) != 0 || c == '_' || c == '-'; }

// Without comment and blanks at the end. A # in quotes is taken for a comment too, which only makes
// a message less precise.
std::string without_comment(std::string line) {
  if (const auto at = line.find(" #"); at != line.npos) line.resize(at);
  if (line.starts_with('#')) line.clear();
  line.erase(line.find_last_not_of(" \t\r") + 1);
  return line;
}

int indent(const std::string& line) { return int(line.find_first_not_of(" \t")); }

std::string content(const std::string& line) {
  auto inner = line.substr(std::size_t(indent(line)));
  while (inner.starts_with("- ")) inner.erase(0, inner.find_first_not_of(' ', 1));
  return inner;
}

// Where the colon is that ends the first key of a line; npos: it has none.
std::size_t key_end(const std::string& line) {
  for (std::size_t at = line.find(':'); at != line.npos; at = line.find(':', at + 1))
    if (at + 1 == line.size() || line[at + 1] == ' ') return at;
  return line.npos;
}

int line_above(const Lines& lines, int line) {
  do --line;
  while (line >= 0 && lines[std::size_t(line)].empty());
  return line;
}

bool has_tab(const std::string& line) {
  return line.substr(0, std::size_t(indent(line))).find('\t') != line.npos;
}

// Columns in which lines above begin that a line here may go on with.
std::vector<int> open_columns(const Lines& lines, int line) {
  std::vector<int> columns;
  for (int above = line_above(lines, line); above >= 0; above = line_above(lines, above)) {
    const auto& text = lines[std::size_t(above)];
    const int begin = int(text.size() - content(text).size());
    for (const int one : {begin, indent(text)})
      if (columns.empty() || one < columns.back()) columns.push_back(one);
  }
  std::ranges::reverse(columns);
  return columns;
}

// What yaml-cpp complains of, by the beginning of its text, and what we say.
constexpr std::pair<std::string_view, std::string_view> sentences[] = {
    {"end of map not found", "a line is indented differently from the keys above it"},
    {"end of map flow not found", "a '{' is not closed by '}', or a comma is missing"},
    {"end of sequence not found", "a line is indented differently from the list above it"},
    {"end of sequence flow not found", "a '[' is not closed by ']', or a comma is missing"},
    {"illegal map value", "a ':' is not allowed here; put text that contains ': ' in quotes"},
    {"illegal map key", "a '?' is not allowed here; put text that begins with '? ' in quotes"},
    {"illegal flow end", "a ']' or '}' has no opening bracket"},
    {"illegal EOF in scalar", "a quote is not closed"},
    {"illegal block entry",
     "a list item '- ' is not allowed here; begin it on a line of its own, or put text that begins "
     "with '-' in quotes"},
    {"illegal document indicator in scalar", "a quote is not closed before '---' or '...'"},
    {"unknown token", "text cannot begin with this character; put it in quotes"},
    {"the referenced anchor is not defined",
     "a '*' begins the name of an anchor, and none of this name is defined; put text that begins "
     "with '*' in quotes"},
    {"alias not found after *", "put text that begins with '*' in quotes"},
    {"illegal character found while scanning alias", "put text that begins with '*' in quotes"},
    {"anchor not found after &", "put text that begins with '&' in quotes"},
    {"illegal character found while scanning anchor", "put text that begins with '&' in quotes"},
    {"cannot assign multiple anchors", "a value has two anchors '&'; leave one out"},
    {"cannot assign multiple tags",
     "a value has two tags '!'; put text that begins with '!' in quotes"},
    {"aliases can't have any content", "an alias '*' stands alone; leave out what is before it"},
    {"illegal character found while scanning tag handle",
     "put text that begins with '!' in quotes"},
    {"tag handle with no suffix", "put text that begins with '!' in quotes"},
    {"end of verbatim tag not found", "put text that begins with '!' in quotes"},
    {"unknown escape character",
     "in double quotes '\\' begins a special character; write '\\\\', or use single quotes"},
    {"bad character found while scanning hex number",
     "in double quotes '\\x' and '\\u' begin a character's number; write '\\\\', or use single "
     "quotes"},
    {"invalid unicode", "there is no character with this number"},
    {"cannot set zero indentation", "after '|' or '>' a number above 0 is an indentation"},
    {"unexpected character in block scalar", "after '|' or '>' the text begins on the next line"},
    {"illegal tab when looking for indentation",
     "a tab indents this line, which YAML forbids; indent with spaces"},
    {"bad YAML version", "leave the line %YAML out"},
    {"YAML", "leave the line %YAML out"},
    {"repeated YAML directive", "leave the line %YAML out"},
    {"TAG directives", "leave the line %TAG out"},
    {"repeated TAG directive", "leave the line %TAG out"},
};

std::string plain(const std::string& complaint) {
  for (const auto& [beginning, sentence] : sentences)
    if (complaint.starts_with(beginning)) return std::string(sentence);
  return complaint;
}

class Explanation {
 public:
  Explanation(const std::string& text, int line, int column)
      : lines_(lines_without_comments(text)), line_(line), column_(column) {}

  SyntaxError of(const std::string& complaint) const {
    if (line_ < 0 || std::size_t(line_) >= lines_.size() || here().empty())
      return {line_, column_, plain(complaint)};
    const int above = line_above(lines_, line_);
    for (const int line : {line_, above})
      if (line >= 0 && has_tab(lines_[std::size_t(line)])) return tab(line);
    if (const auto key = key_before_bracket(); !key.empty()) return missing_colon(key);
    if (complaint == "illegal map value" && starts_with_the_key() && above >= 0)
      return misplaced_key(above);
    if (complaint == "end of map not found" || complaint == "end of sequence not found")
      return indented(complaint);
    return {line_, column_, plain(complaint)};
  }

 private:
  const std::string& here() const { return lines_[std::size_t(line_)]; }

  SyntaxError tab(int line) const {
    const auto& text = lines_[std::size_t(line)];
    return {line, int(text.find('\t')),
            "a tab indents this line, which YAML forbids; indent with spaces"};
  }

  // The first word of a line such as `train {epochs: 5}`.
  std::string key_before_bracket() const {
    const auto text = content(here());
    const auto word = text.substr(0, text.find_first_of(" {["));
    const auto next = text.find_first_not_of(' ', word.size());
    const bool is_key = !word.empty() && std::ranges::all_of(word, is_letter);
    return is_key && next != text.npos && (text[next] == '{' || text[next] == '[') ? word : "";
  }

  SyntaxError missing_colon(const std::string& key) const {
    const auto text = content(here());
    return {line_, int(here().size() - text.size()),
            fmt::format("a colon is missing after '{}'; write `{}: {}`", key, key,
                        text.substr(text.find_first_of("{[")))};
  }

  // Whether the ':' complained of ends the first word of its line.
  bool starts_with_the_key() const {
    return key_end(here()) == std::size_t(column_) &&
           std::ranges::all_of(content(here().substr(0, std::size_t(column_))), is_letter);
  }

  SyntaxError misplaced_key(int above) const {
    const auto& line = lines_[std::size_t(above)];
    const auto before = content(line);
    const int column = int(line.size() - before.size());
    if (const auto better = with_blank(before); !better.empty())
      return {above, column, fmt::format("a blank is missing after the colon; write `{}`", better)};
    if (key_end(line) == line.npos) {
      const auto blank = before.find(' ');
      return {
          above, column,
          fmt::format("a key ends with a colon, found '{}'; write `{}:{}`", before,
                      before.substr(0, blank), blank == before.npos ? "" : before.substr(blank))};
    }
    if (indent(here()) > column)
      return {line_, indent(here()),
              fmt::format("this line is indented by {} spaces, deeper than the line above, which "
                          "already has its value; indent all keys of a map equally",
                          indent(here()))};
    return {line_, column_, plain("illegal map value")};
  }

  SyntaxError indented(const std::string& complaint) const {
    const auto columns = open_columns(lines_, line_);
    const int own = indent(here());
    if (std::ranges::count(columns, own) > 0) return {line_, own, plain(complaint)};
    return {line_, own,
            fmt::format("this line is indented by {} space{}, as no line above it is; use {}", own,
                        own == 1 ? "" : "s", fmt::join(columns, " or "))};
  }

  Lines lines_;
  int line_, column_;
};

}  // namespace

SyntaxError explained(const std::string& text, const std::string& complaint, int line, int column) {
  auto error = Explanation(text, line, column).of(complaint);
  error.text = "this is not YAML: " + error.text;
  return error;
}

std::vector<std::string> lines_without_comments(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(without_comment(line));
  return lines;
}

std::string with_blank(const std::string& word) {
  const auto colon = word.find(':');
  if (colon == word.npos || !std::isalpha((unsigned char)word[0]) || colon + 1 == word.size() ||
      word[colon + 1] == ' ' || word[colon + 1] == '/' ||
      !std::ranges::all_of(word.substr(0, colon), is_letter))
    return "";
  // Of a map that a comma cut off, only its beginning is known.
  return word.substr(0, colon) + ": " + (word[colon + 1] == '{' ? "{...}" : word.substr(colon + 1));
}

}  // namespace descent::experiment
