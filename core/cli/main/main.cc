// SPDX-License-Identifier: MIT
#include "cli/cli.h"

int main(int argc, char** argv) { return descent::cli::run_command_line(argc, argv); }
