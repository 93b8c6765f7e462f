// SPDX-License-Identifier: MIT
// Which build of the program this is.
#pragma once

#include <string>

namespace descent {

std::string version();   // "0.1.0"
std::string compiler();  // "g++ 12.2.0 Release"

// A hash of the program as linked (its GNU build-id): the results of different builds are kept
// apart. Installing the program does not change it.
std::string build_id();

}  // namespace descent
