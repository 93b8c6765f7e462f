// SPDX-License-Identifier: MIT
// How what a store lacks is cut into shares of about equal cost. The cut changes no result: the
// bits of a chunk depend on its point and replicates alone.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/assignment.h"

namespace descent::cluster {

struct CutOptions {
  // Processor seconds of a run of this assignment.
  std::function<double(const engine::Assignment&)> seconds_per_run;
  // Whether a point may be divided: not when its standard errors decide about more replicates.
  std::function<bool(const engine::Assignment&)> is_divisible;
  double share_seconds = 600;  // of all processors of a share together
  std::uint64_t shares = 0;    // so many; 0: as share_seconds says, at most `most`
  std::uint64_t most = 1000;
};

using Share = std::vector<engine::Assignment>;

// In the order of the plan; no share is empty. A point is divided only when it alone costs more
// than a share.
std::vector<Share> cut(const std::vector<engine::Assignment>& lacking, const CutOptions& options);

}  // namespace descent::cluster
