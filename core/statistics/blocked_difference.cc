// SPDX-License-Identifier: MIT
#include "statistics/blocked_difference.h"

#include <map>

namespace descent::statistics {
namespace {

// By the number of the group that a replicate belongs to.
template <class GroupOf>
std::vector<double> means_by(std::span<const std::uint64_t> replicates,
                             std::span<const double> values, const GroupOf& group_of) {
  struct Sum {
    double sum = 0, count = 0;
  };
  std::map<std::uint64_t, Sum> sums;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& group = sums[group_of(replicates[i])];
    group.sum += values[i];
    ++group.count;
  }
  std::vector<double> means;
  for (const auto& [number, group] : sums) means.push_back(group.sum / group.count);
  return means;
}

}  // namespace

std::vector<double> block_means(std::span<const std::uint64_t> replicates,
                                std::span<const double> values, std::uint64_t size) {
  return means_by(replicates, values, [&](std::uint64_t r) { return r / size; });
}

Difference blocked_difference(std::span<const std::uint64_t> replicates, std::span<const double> a,
                              std::span<const double> b, const ReplicateBlocks& blocks,
                              double level) {
  if (blocks.size == 1) return paired_difference(a, b, level);
  const auto over = [&](const auto& group_of) {
    return paired_difference(means_by(replicates, a, group_of), means_by(replicates, b, group_of),
                             level);
  };
  const auto of_blocks = over([&](std::uint64_t r) { return r / blocks.size; });
  if (!blocks.is_crossed) return of_blocks;
  const auto of_positions = over([&](std::uint64_t r) { return r % blocks.size; });
  return with_second_error(of_blocks, of_positions.estimate.se,
                           static_cast<double>(of_positions.replicates) - 1, level);
}

}  // namespace descent::statistics
