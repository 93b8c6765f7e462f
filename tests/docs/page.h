// SPDX-License-Identifier: MIT
// A page of Markdown and its fenced blocks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace descent::docs {

using Lines = std::vector<std::string>;

// The text between two fences. A comment on the line above the first fence, which readers of the
// rendered page do not see, is its note: <!-- not run: needs root -->.
struct Block {
  std::string language;    // the word after the fence: yaml, console
  std::string note;        // "not run: needs root"; empty: none
  std::size_t first = 0;   // index in the page of the first line of the text
  std::size_t indent = 0;  // of the fence, taken off the lines
  Lines lines;
};

// A command of a console block and the output shown below it. As in a shell a command goes
// on in the next line after a backslash and inside quotes.
struct Step {
  Lines command;  // without "$ "
  Lines output;
};

Lines read_lines(const std::string& file);
Lines split_lines(const std::string& text);
std::string joined(const Lines& lines);  // each with its newline

std::vector<Block> blocks_of(const Lines& page);
std::vector<Step> steps_of(const Block& block);
Lines lines_of(const std::vector<Step>& steps);
void replace(Lines& page, const Block& block, const Lines& lines);

// What follows `key: ` in the note of a block; empty: it says something else.
std::string noted(const Block& block, const std::string& key);

// The snippet, completed by the parts of a whole experiment at the top of which it has no key.
std::string completed(const Lines& snippet, const Lines& experiment);

}  // namespace descent::docs
