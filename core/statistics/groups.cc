// SPDX-License-Identifier: MIT
#include "statistics/groups.h"

#include <algorithm>

namespace descent::statistics {

std::vector<ReplicateRange> groups_of(std::uint64_t replicates, std::uint64_t most) {
  std::vector<ReplicateRange> groups(std::min(replicates, most));
  std::uint64_t first = 0;
  for (std::uint64_t g = 0; g < groups.size(); ++g) {
    const auto larger = g < replicates % groups.size() ? 1u : 0u;
    groups[g] = {first, replicates / groups.size() + larger};
    first += groups[g].count;
  }
  return groups;
}

std::uint64_t growing_group_size(std::uint64_t replicates) {
  std::uint64_t size = 1;
  while (size * max_groups < replicates) size *= 2;
  return size;
}

}  // namespace descent::statistics
