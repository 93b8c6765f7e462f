// SPDX-License-Identifier: MIT
// What a plugin can change of the process it runs in, put back before the next chunk: another point
// must not feel what this one's plugins did.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <array>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <locale>
#include <string>
#include <utility>
#include <vector>

namespace descent {

class ProcessState {
 public:
  // As they are now. files: descriptors that must stay what they are.
  explicit ProcessState(std::vector<int> files);

  // Whether the files are still open, and the same ones.
  bool hold_files() const;

  // Working folder, locale, file mode mask, signals, timers, limits, rounding mode. False when
  // something cannot be put back: the process is of no more use.
  bool restore() const;

  // What the process may allocate beyond what it held at first; 0: as much as there is.
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
  std::fenv_t arithmetic_;
  std::string c_locale_ = std::setlocale(LC_ALL, nullptr);
  std::locale locale_;  // the global one
  std::uint64_t held_;  // bytes of data
};

}  // namespace descent
