// SPDX-License-Identifier: MIT
// The Debian packages that compiling a plugin needs. cmake/package.cmake lists them.
#pragma once

#include <string>
#include <vector>

namespace descent::cli {

// The `apt-get install` line for all of them.
std::string install_line();

// The same for those that are not installed; empty when nothing is missing. A package counts as
// installed when one command (on PATH) or one file of it is there.
std::string missing_install_line();

}  // namespace descent::cli
