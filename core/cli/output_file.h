// SPDX-License-Identifier: MIT
// A file that receives what a command would otherwise print.
#pragma once

#include <functional>
#include <ostream>
#include <string>

namespace descent::cli {

// Calls write with a stream and writes the result to the file, completely or not at all. Never
// replaces an existing file or follows a symbolic link, unless `replace` is set: then the new file
// takes the place of whatever has its name. An empty path or "-" is standard output.
void write_output(const std::string& path, bool replace,
                  const std::function<void(std::ostream&)>& write);

}  // namespace descent::cli
