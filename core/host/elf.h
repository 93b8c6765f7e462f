// SPDX-License-Identifier: MIT
// Reads properties of a library file without loading it.
#pragma once

#include <string>
#include <vector>

namespace descent::host {

// Why this process cannot load the file, as "it was built for AArch64, this machine is x86-64";
// "" when it may. Throws Error when it cannot be read.
std::string incompatibility(const std::string& path);

// The dynamic symbols the library offers to others, in the file's order.
std::vector<std::string> exported_symbols(const std::string& path);

}  // namespace descent::host
