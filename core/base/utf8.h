// SPDX-License-Identifier: MIT
// Checks that bytes are UTF-8, as text that is shown, stored and compared has to be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace descent {

// The first byte that belongs to no character of UTF-8, or is NUL; npos when there is none.
std::size_t first_not_text(std::string_view bytes);

// Throws Error at the place of that byte in the file, with what to do.
void check_is_text(const std::string& file, std::string_view bytes);

// The beginning of a long text, for messages: at most this many bytes, whole characters.
std::string shortened(std::string_view text, std::size_t most = 60);

}  // namespace descent
