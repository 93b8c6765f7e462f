// SPDX-License-Identifier: MIT
// A tree as YAML again, each value with a comment that says where it comes from.
#pragma once

#include <string>

#include "experiment/document/tree.h"

namespace descent::experiment {

// Reads back as the same tree, places aside. The comments: `# base.yaml:3`, `# --set optimizer.lr`,
// or the place's file alone. REQUIRES: a map or a list, nothing broken in it.
std::string yaml_text(const Tree& tree);

}  // namespace descent::experiment
