// SPDX-License-Identifier: MIT
// YAML merge keys: `<<: *base` brings the keys of a map into another, `<<: [*a, *b]` those of
// several. A map's own keys win, of a list the earlier map's; nothing is merged below the keys.
#pragma once

#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

// The tree with its merge keys applied: merged keys take the place of the `<<`. The result is not
// larger than the tree.
Tree with_merges(const Tree& tree, std::vector<Problem>& problems);

}  // namespace descent::experiment
