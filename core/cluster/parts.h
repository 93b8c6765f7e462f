// SPDX-License-Identifier: MIT
// Brings the parts that lie in a job's folder into its store.
#pragma once

#include "cluster/collector.h"
#include "cluster/job.h"

namespace descent::cluster {

// Parts that are damaged, of another job, or computed by other arithmetic than the job's first
// runs, are moved to the folder rejected/ and named in `collected`: what they hold is trained
// again.
void merge_parts(Job& job, Collected& collected);

}  // namespace descent::cluster
