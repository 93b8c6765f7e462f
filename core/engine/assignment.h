// SPDX-License-Identifier: MIT
// What is to be trained of one point: the unit in which work is divided between machines.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/groups.h"

namespace descent::engine {

struct Assignment {
  std::uint64_t position = 0;  // in the plan
  std::int64_t point_id = 0;   // in the store that the results are for
  // All replicates, of which nothing is stored: who trains them adds more while `until` requires
  // it, and finishes the point. Otherwise only these chunks are trained, and their accumulators
  // kept.
  bool is_whole = false;
  std::uint64_t epochs = 0;  // of a rung, after which the runs are pruned; 0: trained to the end
  std::vector<statistics::ReplicateRange> chunks;

  std::uint64_t runs() const {
    std::uint64_t sum = 0;
    for (const auto& chunk : chunks) sum += chunk.count;
    return sum;
  }
};

}  // namespace descent::engine
