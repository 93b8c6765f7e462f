// SPDX-License-Identifier: MIT
// Options of the commands that train: workers, and how they are stopped.
#pragma once

#include <boost/program_options.hpp>
#include <csignal>
#include <string>

namespace descent::cli {

extern volatile std::sig_atomic_t stop_signal;  // the one thing a signal handler may touch

// Processors that this process may use: the least of its affinity, the quotas of its control
// groups, and what Slurm gave to the task or the job. root: of the file system, for tests.
unsigned available_cores(const std::string& root = "");

// Signals by which a person or a scheduler ends a job (INT, TERM, USR1, USR2, XCPU) set stop_signal
// the first time; a second one of a kind ends the program at once.
void catch_signals();

void add_workers_option(boost::program_options::options_description& options);
// Throws Error on a negative number.
unsigned worker_count(const boost::program_options::variables_map& values);

}  // namespace descent::cli
