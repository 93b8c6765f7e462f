// SPDX-License-Identifier: MIT
#include "paths.h"

namespace descent {

std::string source_path(const std::string& file) { return DESCENT_SOURCE_DIR "/" + file; }
std::string build_path(const std::string& file) { return DESCENT_BUILD_DIR "/" + file; }
bool has_all_plugins() { return !DESCENT_FEW_PLUGINS; }

}  // namespace descent
