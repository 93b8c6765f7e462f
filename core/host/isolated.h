// SPDX-License-Identifier: MIT
// Runs work that may crash, hang or exit in a separate process: the worst that foreign code can do
// is then a result, not the end of the program.
#pragma once

#include <functional>
#include <string>

namespace descent::host {

struct Isolated {
  bool returned = false;
  std::string text;  // what the work returned, or how it ended: "killed by signal 11 (...)"
};

// Forks, so it must be called without other threads. The process is killed after so many seconds.
// waiting is called once if the work takes more than two seconds.
Isolated isolated(const std::function<std::string()>& work, unsigned seconds,
                  const std::function<void()>& waiting = {});

}  // namespace descent::host
