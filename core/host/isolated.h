// SPDX-License-Identifier: MIT
// Work that may crash, hang or exit, done in a process of its own: what foreign code does at its
// worst is then an answer, not the end of the program.
#pragma once

#include <functional>
#include <string>

namespace descent {

struct Isolated {
  bool returned = false;
  std::string text;  // what the work returned, or how it ended: "killed by signal 11 (...)"
};

// Forks, so it is for times when there are no threads. Killed after so many seconds.
Isolated isolated(const std::function<std::string()>& work, unsigned seconds);

}  // namespace descent
