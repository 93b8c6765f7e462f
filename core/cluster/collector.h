// SPDX-License-Identifier: MIT
// Between two rounds of a job: merges what shares have trained, decides what can be decided, and
// cuts what is lacking into the shares of the next round.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cluster/job.h"

namespace descent::cluster {

struct Collected {
  enum class Next { done, by_hand, submitted, gave_up, stopped };
  Next next = Next::done;
  std::uint64_t new_runs = 0, parts = 0, rejected = 0;
  std::vector<std::string> notes;  // what else there is to say, a line each
};

// Trains a share of the job in this process, as train_share() does; false: it was stopped.
using TrainHere = std::function<bool(const Job& job, std::uint64_t share)>;

// REQUIRES: nobody has the store open for writing. processors: of a share, where the job does not
// say, and of this process. A round that these finish in two minutes is trained here; without
// `train`, in a share as any other. Throws Error when the job is under way, or an input has
// changed; SchedulerError. However it ends, at whatever moment, the next call goes on from there: a
// part is removed only when what it holds is in the store for good.
Collected collect(Job& job, unsigned processors, const TrainHere& train = {});

}  // namespace descent::cluster
