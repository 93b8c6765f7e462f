// SPDX-License-Identifier: MIT
// Where the program and the plugins are that are measured.
#pragma once

#include <string>

namespace descent {

std::string built(const std::string& file);  // "plugins" in the build folder

}  // namespace descent
