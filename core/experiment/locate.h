// SPDX-License-Identifier: MIT
// Where in a file a settled path stands.
#pragma once

#include <string>
#include <vector>

#include "experiment/tree.h"

namespace descent::yaml {

std::vector<std::string> segments(const std::string& path);  // "a.b" -> {"a", "b"}

// The deepest node on the way to a settled path, with how many of its segments it covers. A grid is
// searched choice by choice; the name of a choice, not part of the path, is stepped over.
struct Located {
  std::size_t depth = 0;
  Place place;
};
Located locate(const Node& tree, const std::string& path);

}  // namespace descent::yaml
