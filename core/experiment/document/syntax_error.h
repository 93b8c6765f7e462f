// SPDX-License-Identifier: MIT
// Explains why a text is not YAML, and what to do.
#pragma once

#include <string>
#include <vector>

namespace descent::experiment {

// A line and column, from 0, and what is wrong there.
struct SyntaxError {
  int line = 0, column = 0;
  std::string text;
};

// yaml-cpp's message with its place; the mistake may be on the line above.
SyntaxError explained(const std::string& text, const std::string& complaint, int line, int column);

// The lines of a text, without comments and blanks at their ends.
std::vector<std::string> lines_without_comments(const std::string& text);

// "lr:0.1" -> "lr: 0.1": a key without a blank after its colon; else "".
std::string with_blank(const std::string& word);

}  // namespace descent::experiment
