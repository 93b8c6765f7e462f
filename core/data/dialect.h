// SPDX-License-Identifier: MIT
// How the text of a file is divided into fields and how its numbers are written, as it was given or
// found in the first lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/spec.h"

namespace descent::data {

struct Dialect {
  char separator = ',';  // ' ': any number of blanks and tabs
  char decimal = '.';
  char thousands = 0;     // 0: none
  std::string comment{};  // a line that begins so is not read; "": none

  bool is_blank() const { return separator == ' '; }

  // "commas", "semicolons", "tabs", ...
  std::string separator_name() const;

  // The text as a finite number, its decimal mark and thousands as of this dialect; nothing when it
  // is not one. Infinite where it is too large for a double.
  std::optional<double> number(std::string_view text) const;

  bool operator==(const Dialect&) const = default;
};

// path, beginning: of the file; whole lines without a byte order mark. A separator that is not
// given is that of a first line "sep=;", or found (separator.h). Throws Error for a spec that
// contradicts itself, and as find_separator() does.
Dialect dialect_of(const DialectSpec& spec, const std::string& path, std::string_view beginning);

// How a number that this dialect does not read is written in another, such as "decimal: \",\""; ""
// when it is none.
std::string other_notation(std::string_view text, const Dialect& dialect);

}  // namespace descent::data
