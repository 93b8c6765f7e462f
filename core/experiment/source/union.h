// SPDX-License-Identifier: MIT
// `union: [block, ...]` at the top of a file: each block laid over the rest of the file in turn,
// for values that vary together, as a loss with the layers it calls for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// The file's map with its union, if there is one, written out as a grid of maps. A block is
// laid over the file's keys (deep_merge.h).
Tree with_union(const Tree& file, const Schema& schema, std::vector<Problem>& problems);

// The file, its union written out, without some keys, and each of them: null when it is not there.
// All blocks have them alike.
struct Without {
  Tree file;
  std::vector<std::optional<Entry>> keys;
};
Without without_keys(const Tree& file, const std::vector<std::string>& keys);

}  // namespace descent::experiment
