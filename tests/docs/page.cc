// SPDX-License-Identifier: MIT
#include "docs/page.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace descent::docs {
namespace {

std::size_t indent_of(const std::string& line) {
  const auto first = line.find_first_not_of(' ');
  return first == line.npos ? line.size() : first;
}

bool is_fence(const std::string& line) {
  const auto start = line.substr(indent_of(line), 3);
  return start == "```" || start == "~~~";
}

std::string without(std::size_t indent, const std::string& line) {
  return line.substr(std::min(indent, indent_of(line)));
}

std::string note_of(const std::string& line) {
  const std::string open = "<!-- ", close = " -->";
  const auto begin = line.find(open), end = line.rfind(close);
  if (begin == line.npos || end == line.npos) return "";
  return line.substr(begin + open.size(), end - begin - open.size());
}

// The key at the left margin of a line; empty where it goes on with the key before.
std::string top_key(const std::string& line) {
  if (line.empty() || std::string(" #-").find(line[0]) != std::string::npos) return "";
  return line.substr(0, line.find(':'));
}

// Whether a shell would wait for more: a quote is open, or the line ends in a backslash.
bool is_open(const Lines& command) {
  char quote = 0;
  bool escaped = false;
  for (const char c : joined(command)) {
    const bool was = escaped;
    escaped = !was && c == '\\' && quote != '\'';
    if (was || escaped || (c != '"' && c != '\'')) continue;
    if (quote == 0)
      quote = c;
    else if (quote == c)
      quote = 0;
  }
  return quote != 0 || command.back().ends_with('\\');
}

}  // namespace

Lines split_lines(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Lines read_lines(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return split_lines(text.str());
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::vector<Block> blocks_of(const Lines& page) {
  std::vector<Block> blocks;
  bool open = false;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (is_fence(page[i])) {
      open = !open;
      const auto indent = indent_of(page[i]);
      if (open)
        blocks.push_back(
            {page[i].substr(indent + 3), i > 0 ? note_of(page[i - 1]) : "", i + 1, indent, {}});
    } else if (open) {
      blocks.back().lines.push_back(without(blocks.back().indent, page[i]));
    }
  }
  return blocks;
}

std::vector<Step> steps_of(const Block& block) {
  std::vector<Step> steps;
  for (const auto& line : block.lines) {
    if (!steps.empty() && steps.back().output.empty() && is_open(steps.back().command))
      steps.back().command.push_back(line);
    else if (line.starts_with("$ "))
      steps.push_back({{line.substr(2)}, {}});
    else if (!steps.empty())
      steps.back().output.push_back(line);
  }
  return steps;
}

Lines lines_of(const std::vector<Step>& steps) {
  Lines lines;
  for (const auto& [command, output] : steps) {
    lines.push_back("$ " + command.front());
    lines.insert(lines.end(), command.begin() + 1, command.end());
    lines.insert(lines.end(), output.begin(), output.end());
  }
  return lines;
}

void replace(Lines& page, const Block& block, const Lines& lines) {
  const auto first = page.begin() + std::ptrdiff_t(block.first);
  Lines indented;
  for (const auto& line : lines)
    indented.push_back(line.empty() ? line : std::string(block.indent, ' ') + line);
  const auto at = page.erase(first, first + std::ptrdiff_t(block.lines.size()));
  page.insert(at, indented.begin(), indented.end());
}

std::string noted(const Block& block, const std::string& key) {
  return block.note.starts_with(key + ": ") ? block.note.substr(key.size() + 2) : "";
}

std::string completed(const Lines& snippet, const Lines& experiment) {
  std::set<std::string> keys;
  for (const auto& line : snippet) keys.insert(top_key(line));
  Lines whole = snippet;
  bool wanted = false;
  for (const auto& line : experiment) {
    if (const auto key = top_key(line); !key.empty()) wanted = !keys.contains(key);
    if (wanted) whole.push_back(line);
  }
  return joined(whole);
}

}  // namespace descent::docs
