// SPDX-License-Identifier: MIT
// What a user asks of sbatch: `descent submit --slurm 'OPTIONS'`.
#pragma once

#include <string>

namespace descent::cluster {

// Throws Error when sbatch cannot be found, an option is one that submit sets itself, or the time
// is too short for a share to train anything between its start and the warning a minute before its
// end.
void check_slurm(const std::string& options);

// Of "90", "90:00", "1:30:00", "2-12", "2-12:30", "2-12:30:00", as sbatch reads them; negative: it
// is none of these.
double minutes_of(const std::string& time);

}  // namespace descent::cluster
