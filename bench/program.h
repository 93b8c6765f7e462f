// SPDX-License-Identifier: MIT
// The real program, run as a person runs it.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <string>
#include <utility>
#include <vector>

#include "built.h"

namespace descent {

// Starts build/descent with the arguments; -1 when that fails. What it prints is dropped.
inline pid_t start_program(std::vector<std::string> arguments) {
  const auto program = built("descent");
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

// Starts it and waits; true when it ends with exit code 0.
inline bool run_program(std::vector<std::string> arguments) {
  const pid_t pid = start_program(std::move(arguments));
  int status = -1;
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

}  // namespace descent
