// SPDX-License-Identifier: MIT
// Writes a working plugin to start from, with instructions to build and try it.
#pragma once

#include <string>
#include <vector>

namespace descent::cli {

// Writes <folder>/<name>/{<name>.cc, CMakeLists.txt, README.md} and returns their paths. Throws
// Error if the name is not valid for a plugin, or one of the files already exists.
std::vector<std::string> write_new_plugin(const std::string& kind, const std::string& name,
                                          const std::string& folder);

}  // namespace descent::cli
