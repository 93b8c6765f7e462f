// SPDX-License-Identifier: MIT
#include "paths.h"

namespace descent {

std::string source_path(const std::string& file) { return DESCENT_SOURCE_DIR "/" + file; }
std::string build_path(const std::string& file) { return DESCENT_BUILD_DIR "/" + file; }

}  // namespace descent
