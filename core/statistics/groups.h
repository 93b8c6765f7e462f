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

}  // namespace descent::statistics
