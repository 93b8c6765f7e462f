// SPDX-License-Identifier: MIT
// The files that a job reads: copied into its folder, or only hashed.
#pragma once

#include "cluster/job.h"
#include "engine/plan.h"

namespace descent::cluster {

// Lists the inputs of the job in its state: the program, the plugins and data files of the plan,
// and the experiment files. With `freeze`, copies them first: files given relative to the folder of
// the job go to the same place below frozen/tree, so that whoever works there reads the copies
// under the names that were given. A file given by an absolute path is read where it is.
void freeze(Job& job, const engine::Plan& plan, const host::Catalog& catalog);

}  // namespace descent::cluster
