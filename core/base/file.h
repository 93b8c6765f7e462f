// SPDX-License-Identifier: MIT
// A file as a whole.
#pragma once

#include <optional>
#include <string>

namespace descent {

// Its bytes; nothing: it cannot be read, and errno says why.
std::optional<std::string> read_file(const std::string& path);

}  // namespace descent
