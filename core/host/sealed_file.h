// SPDX-License-Identifier: MIT
// An unnamed file in memory that nobody can change: what is loaded from it stays as it is.
#pragma once

#include <string>
#include <string_view>

namespace descent::host {

class SealedFile {
 public:
  // name: as debuggers and /proc/PID/maps show it. Throws std::system_error.
  SealedFile(const std::string& name, std::string_view bytes);
  ~SealedFile();
  SealedFile(const SealedFile&) = delete;
  SealedFile& operator=(const SealedFile&) = delete;

  // By which this process, its children and a debugger can open it while this lives.
  const std::string& path() const { return path_; }

  // Keeps the file open, and its path taken, until the process ends.
  void keep() { file_ = -1; }

 private:
  int file_;
  std::string path_;
};

}  // namespace descent::host
