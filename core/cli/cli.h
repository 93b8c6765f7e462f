// SPDX-License-Identifier: MIT
// The command line. Exit codes: 0 all done; 1 some runs ended other than done; 2 usage, experiment
// or plugin error; 3 store error; 130 interrupted.
#pragma once

namespace descent::cli {

int run_command_line(int argc, char** argv);

}  // namespace descent::cli
