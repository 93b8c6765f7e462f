// SPDX-License-Identifier: MIT
// What an experiment file may consist of: UTF-8 without control characters.
#pragma once

#include <string>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Whether a text satisfies this. If not, the first violation is added to problems, because yaml-cpp
// would read something else there.
bool check_characters(const std::string& text, const Origin& origin,
                      std::vector<Problem>& problems);

}  // namespace descent::experiment
