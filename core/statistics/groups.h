// SPDX-License-Identifier: MIT
// How the replicates of a point are cut into groups: the unit of accumulation and of the jackknife.
#pragma once

#include <cstdint>
#include <vector>

namespace descent::statistics {

inline constexpr std::uint64_t max_groups = 100;

// Consecutive replicates first .. first + count - 1; count >= 1.
struct ReplicateRange {
  std::uint64_t first = 0, count = 0;

  bool operator==(const ReplicateRange&) const = default;
};

// min(replicates, most) ranges in order that cover 0 .. replicates - 1; their counts differ by at
// most one, larger ones first. A function of the numbers alone.
std::vector<ReplicateRange> groups_of(std::uint64_t replicates, std::uint64_t most = max_groups);

// The size of the groups of so many replicates where more may follow: 1 up to max_groups
// replicates, then whatever power of two is needed to have at most max_groups. Groups of one size
// are merged in pairs to those of the next, so that they depend on the number of replicates alone.
std::uint64_t growing_group_size(std::uint64_t replicates);

}  // namespace descent::statistics
