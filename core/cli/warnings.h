// SPDX-License-Identifier: MIT
// What is odd about a plan, a line each: "file.yaml:3:9: warning: ...".
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"

namespace descent::cli {

std::vector<std::string> warnings_of(const engine::Plan& plan);

}  // namespace descent::cli
