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

// The time limit among these options, in minutes; negative: there is none, and the partition's
// holds.
double limit_of(const std::string& options);

// What to say of a collector that took so long of its limit; "": it is far from it.
std::string near_limit(double minutes, const std::string& options);

}  // namespace descent::cluster
