// SPDX-License-Identifier: MIT
// Finds what separates the fields of a file in its first lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/dialect.h"

namespace descent::data {

// A first line as Excel writes it, "sep=;": it names the separator and holds no data.
struct SeparatorLine {
  char separator = 0;
  std::size_t length = 0;  // without its end
};
std::optional<SeparatorLine> separator_line(std::string_view beginning);

// beginning: whole lines from the beginning of the file, without a byte order mark. Of , ; tab | it
// is the one that divides most lines into as many fields, more than one, then the one that makes
// most fields; blanks where none of these does. The decimal mark of the dialect is none, and commas
// are decimal marks where another separator divides the lines as well and leaves only numbers with
// commas. Lines above the header that begin with # do not count. Throws Error where commas could be
// both.
char find_separator(const std::string& path, const Dialect& dialect, std::string_view beginning);

}  // namespace descent::data
