// SPDX-License-Identifier: MIT
// What lies beside the program for authors of plugins, in a build folder as in an installed tree.
#pragma once

#include <string>

namespace descent::cli {

// Where CMake finds the package `descent`, and what `c++ -shared -fPIC` needs beside a file's name.
struct Installation {
  std::string prefix;  // for find_package(descent HINTS ...)
  std::string flags;   // a line for a shell
};

// Throws Error when the program was copied away from its tree.
Installation installation();

}  // namespace descent::cli
