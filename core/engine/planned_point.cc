// SPDX-License-Identifier: MIT
#include "engine/planned_point.h"

#include <algorithm>

namespace descent::engine {

std::uint64_t growing_group(std::uint64_t replicates, std::uint64_t block) {
  return statistics::growing_group_size((replicates + block - 1) / block) * block;
}

std::uint64_t whole_groups(std::uint64_t replicates, std::uint64_t most, std::uint64_t block) {
  const auto group = growing_group(replicates, block);
  return std::min(most, (replicates + group - 1) / group * group);
}

std::vector<statistics::ReplicateRange> chunks_of(const VariantPlan& plan, std::uint64_t goal) {
  std::vector<statistics::ReplicateRange> chunks;
  if (plan.until) {
    for (std::uint64_t first = 0; first < goal; first += chunks.back().count)
      chunks.push_back({plan.first + first,
                        std::min(growing_group(first + plan.block, plan.block), goal - first)});
    return chunks;
  }
  for (const auto& group : statistics::groups_of(goal / plan.block))
    chunks.push_back({plan.first + group.first * plan.block, group.count * plan.block});
  return chunks;
}

bool continues_group(const VariantPlan& plan, std::uint64_t goal,
                     const statistics::ReplicateRange& chunk) {
  return plan.until && (chunk.first - plan.first) % growing_group(goal, plan.block) != 0;
}

std::uint64_t largest_chunk(const VariantPlan& plan) {
  return std::ranges::max(chunks_of(plan, plan.most), {}, &statistics::ReplicateRange::count).count;
}

}  // namespace descent::engine
