// SPDX-License-Identifier: MIT
// Writes a working plugin to start from, with instructions to build and try it.
#pragma once

#include <string>
#include <vector>

namespace descent::cli {

// Writes <folder>/<name>/{<name>.cc, CMakeLists.txt, README.md} and returns their paths. like: ""
// or, of an optimizer, what it shows: wrapper, hessian, samples. Throws Error if the name is not
// valid for a plugin, there is nothing like that, or one of the files already exists.
std::vector<std::string> write_new_plugin(const std::string& kind, const std::string& like,
                                          const std::string& name, const std::string& folder);

}  // namespace descent::cli
