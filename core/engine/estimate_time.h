// SPDX-License-Identifier: MIT
// Estimates how long a run takes by training a few.
#pragma once

#include "engine/plan.h"

namespace descent::engine {

struct TimePerRun {
  double seconds = 0;
  bool whole = false;  // false: a run was still going when the trial ended: it takes longer
};

// The mean over replicate 0 of up to five points spread over the plan, trained in a process of its
// own for at most about two seconds.
TimePerRun time_per_run(const Plan& plan);

}  // namespace descent::engine
