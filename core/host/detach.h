// SPDX-License-Identifier: MIT
// Makes a loaded library independent of its file.
#pragma once

#include <string>

namespace descent::host {

// Replaces the memory of the library that was loaded from this path, as the dynamic linker names
// it, by copies of its pages: pages of a file change when the file is overwritten in place, and
// using them is a fatal signal when it shrinks. Does nothing to a library that is not loaded, or
// was detached before. No other thread may run in it.
void detach_from_file(const std::string& path);

}  // namespace descent::host
