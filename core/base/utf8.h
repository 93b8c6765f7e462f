// SPDX-License-Identifier: MIT
// Checks that bytes are UTF-8, as text that is shown, stored and compared has to be, and escapes
// what a terminal would obey.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace descent {

// Bytes of the character that text begins with; 0: it begins with none. As Unicode 15, table 3-7.
std::size_t character_size(std::string_view text);

// Line and column of a byte of a file.
Place place_in(const std::string& file, std::string_view bytes, std::size_t at);

// The first byte that belongs to no character of UTF-8, or is NUL; npos when there is none.
std::size_t first_not_text(std::string_view bytes);

// Throws Error at the place of that byte in the file, with what to do.
void check_is_text(const std::string& file, std::string_view bytes);

// The beginning of a long text, for messages: at most this many bytes, whole characters.
std::string shortened(std::string_view text, std::size_t most = 60);

// With \n, \r, \t, \x1b or \u202e in place of control characters, of those that turn the direction
// of writing, and of bytes that are not UTF-8: what others wrote cannot command a terminal.
std::string printable(std::string_view text);
// The same of a text of several lines; their ends stay.
std::string printable_lines(std::string_view text);

}  // namespace descent
