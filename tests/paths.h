// SPDX-License-Identifier: MIT
// The source and build folders of a test, and what the build contains.
#pragma once

#include <string>

namespace descent {

std::string source_path(const std::string& file);  // "docs/design.md" in the source folder
std::string build_path(const std::string& file);   // "plugins/losses/mse.so" in the build folder

bool has_all_plugins();  // false: configured with DESCENT_FEW_PLUGINS

}  // namespace descent
