// SPDX-License-Identifier: MIT
// Options of the commands that train: workers, and how they are stopped.
#pragma once

#include <boost/program_options.hpp>
#include <csignal>

namespace descent::cli {

extern volatile std::sig_atomic_t stop_signal;  // the one thing a signal handler may touch

// The first Ctrl-C sets stop_signal, a second one ends the program at once.
void catch_signals();

void add_workers_option(boost::program_options::options_description& options);
// Throws Error on a negative number.
unsigned worker_count(const boost::program_options::variables_map& values);

}  // namespace descent::cli
