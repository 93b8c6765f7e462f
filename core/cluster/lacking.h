// SPDX-License-Identifier: MIT
// What a job's store lacks, how long it takes, and its shares.
#pragma once

#include <cstdint>
#include <vector>

#include "cluster/cutting.h"
#include "cluster/job.h"

namespace descent::cluster {

// What the store lacks, and the plan that it belongs to.
struct Lacking {
  std::vector<engine::Assignment> assignments;
  bool is_rerun = false;
  std::vector<std::vector<std::uint64_t>> chosen;
  std::vector<double> seconds_per_epoch;  // by experiment of that plan
  std::vector<std::uint64_t> epochs;      // by assignment
  std::vector<std::size_t> experiments;
  std::vector<bool> divisible;

  double seconds() const;  // of one processor
};

// Registers everything, so that ids follow the plan and not the order in which parts arrive.
Lacking find_lacking(Job& job);

// As the settings of the job say. processors: of a share, where they do not say.
std::vector<Share> shares_of(const Job& job, const Lacking& lacking, unsigned processors);

}  // namespace descent::cluster
