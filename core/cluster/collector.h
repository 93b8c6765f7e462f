// SPDX-License-Identifier: MIT
// Between two rounds of a job: merges what shares have trained, decides what can be decided, and
// cuts what is lacking into the shares of the next round.
#pragma once

#include <string>
#include <vector>

#include "cluster/job.h"

namespace descent::cluster {

struct Collected {
  enum class Next { done, by_hand, submitted, gave_up };
  Next next = Next::done;
  std::uint64_t new_runs = 0, parts = 0, rejected = 0;
  std::vector<std::string> notes;  // what else there is to say, a line each
};

// REQUIRES: nobody has the store open for writing. processors: of a share, where the job does not
// say. Throws Error when the job is under way, or an input has changed; SchedulerError.
// However it ends, at whatever moment, the next call goes on from there: a part is removed only
// when what it holds is in the store for good.
Collected collect(Job& job, unsigned processors);

}  // namespace descent::cluster
