// SPDX-License-Identifier: MIT
// Pictures of every kind; their drawings are in tests/report/golden.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/picture.h"

namespace descent::report {

std::vector<std::pair<std::string, Picture>> golden_pictures();

}  // namespace descent::report
