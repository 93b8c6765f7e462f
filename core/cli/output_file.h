// SPDX-License-Identifier: MIT
// A file that receives what a command would otherwise print.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "store/query.h"

namespace descent::cli {

// Calls write with a stream and writes the result to the file, completely or not at all. Never
// replaces an existing file or follows a symbolic link, unless `replace` is set: then the new file
// takes the place of whatever has its name, except a database. An empty path or "-" is standard
// output.
void write_output(const std::string& path, bool replace,
                  const std::function<void(std::ostream&)>& write);

// Throws Error when there is something other than a file, as opening a pipe would wait for its
// other end, or an SQLite database: it could be the store that is read.
void check_can_be_written(const std::string& path);

// A terminal, if that is where standard output goes and this is it.
store::Audience audience_of(const std::ostream& out);

}  // namespace descent::cli
