// SPDX-License-Identifier: MIT
// A file that a command writes what it would print.
#pragma once

#include <functional>
#include <ostream>
#include <string>

namespace descent::cli {

// Calls write with a stream and puts what it wrote in the file: whole or not at all, and never into
// a file that is there or through a symbolic link, unless `replace` says so; then it takes the
// place of what has that name. An empty path or "-" is standard output.
void write_output(const std::string& path, bool replace,
                  const std::function<void(std::ostream&)>& write);

}  // namespace descent::cli
