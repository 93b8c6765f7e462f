// SPDX-License-Identifier: MIT
// What a plugin can change in the process it runs in, restored before the next chunk: plugins of
// one point must not affect another. (Training::run restores the floating-point environment.)
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <locale>
#include <string>
#include <utility>
#include <vector>

namespace descent::engine {

class ProcessState {
 public:
  // Saves the state as it is now. files: descriptors that must stay open and unchanged.
  explicit ProcessState(std::vector<int> files);

  // Whether the descriptors are open and refer to the same files.
  bool hold_files() const;

  // Restores working folder, locale, file mode mask, signals, timers and limits.
  // False when something cannot be restored: the process must end.
  bool restore() const;

  // Limits what the process may allocate beyond what it held at first; 0: no limit.
  void limit_memory(std::uint64_t bytes) const;

 private:
  struct File {
    int descriptor;
    dev_t device;
    ino_t inode;
  };

  std::vector<File> files_;
  int folder_;
  mode_t mask_;
  sigset_t blocked_;
  std::vector<std::pair<int, struct sigaction>> handlers_;
  std::vector<std::pair<int, rlimit>> limits_;
  std::string c_locale_ = std::setlocale(LC_ALL, nullptr);
  std::locale locale_;  // the global one
  std::uint64_t held_;  // bytes of data
};

}  // namespace descent::engine
