// SPDX-License-Identifier: MIT
// What an author starts from: a plugin that works, how it is built, how it is tried.
#pragma once

#include <string>
#include <vector>

namespace descent::cli {

// Writes <folder>/<name>/{<name>.cc, CMakeLists.txt, README.md} and returns their paths. Throws
// Error when the name cannot be a plugin's, or one of the files is there already.
std::vector<std::string> write_new_plugin(const std::string& kind, const std::string& name,
                                          const std::string& folder);

}  // namespace descent::cli
