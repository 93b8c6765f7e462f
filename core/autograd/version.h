// SPDX-License-Identifier: MIT
// Which Armadillo the program computes with.
#pragma once

#include <string>

namespace descent {

std::string armadillo_version();

}  // namespace descent
