// SPDX-License-Identifier: MIT
// A new folder for a benchmark's files in the build folder, on the disk the project is on; removed
// at the end.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "built.h"

namespace descent {

class Folder {
 public:
  Folder() : path_(built("bench." + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace descent
