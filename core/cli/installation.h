// SPDX-License-Identifier: MIT
// Files for authors of plugins that come with the program, in a build folder or an installed tree.
#pragma once

#include <string>

namespace descent::cli {

// Where CMake finds the package `descent`, and what `c++ -shared -fPIC` needs in addition to the
// name of a file.
struct Installation {
  std::string prefix;  // for find_package(descent HINTS ...)
  std::string flags;   // a line for a shell
};

// Throws Error when the program was copied away from its tree.
Installation installation();

}  // namespace descent::cli
