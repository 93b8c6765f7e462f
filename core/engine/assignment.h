// SPDX-License-Identifier: MIT
// What is to be trained of one point: the unit in which work is divided between machines.
#pragma once

#include <cstdint>
#include <map>
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

// Which points of a plan are trained: all, or those that are assigned.
class Assigned {
 public:
  Assigned() = default;  // all
  explicit Assigned(const std::vector<Assignment>& only) : all_(false) {
    for (const auto& one : only) only_.emplace(one.position, one);
  }

  bool is_all() const { return all_; }
  bool contains(std::uint64_t position) const { return all_ || only_.contains(position); }
  // Null: nothing, or all points are trained.
  const Assignment* find(std::uint64_t position) const {
    const auto found = only_.find(position);
    return found == only_.end() ? nullptr : &found->second;
  }
  // The chunks of a point to train; null: the point is trained as a whole.
  const Assignment* part_of(std::uint64_t position) const {
    const auto* one = find(position);
    return one && !one->is_whole ? one : nullptr;
  }
  bool trains_to_end(std::uint64_t position) const {
    const auto* one = find(position);
    return all_ || (one && one->epochs == 0);
  }
  std::vector<Assignment> list() const {
    std::vector<Assignment> all;
    all.reserve(only_.size());
    for (const auto& [position, one] : only_) all.push_back(one);
    return all;
  }

 private:
  bool all_ = true;
  std::map<std::uint64_t, Assignment> only_;  // by position in the plan
};

}  // namespace descent::engine
