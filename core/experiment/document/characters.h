// SPDX-License-Identifier: MIT
// What an experiment file may consist of: UTF-8 without control characters.
#pragma once

#include <string>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Whether a text is. If not, problems gets the first place where it is not: what yaml-cpp would
// read there is not what stands there.
bool check_characters(const std::string& text, const Origin& origin,
                      std::vector<Problem>& problems);

}  // namespace descent::experiment
