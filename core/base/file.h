// SPDX-License-Identifier: MIT
// A file as a whole, and where this program's own file is.
#pragma once

#include <optional>
#include <string>

namespace descent {

// Its bytes; nothing: it cannot be read, and errno says why.
std::optional<std::string> read_file(const std::string& path);

// The path of the running program, also where /proc is not mounted; empty: not known.
std::string own_executable();

}  // namespace descent
