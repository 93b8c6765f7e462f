// SPDX-License-Identifier: MIT
// A library's file and those of the libraries behind it, read once: the bytes that are checked and
// hashed are those that are loaded, whatever happens to the files.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

namespace descent::host {

class FileBytes {
 public:
  // Throws Error with the path when it cannot be read, or is written meanwhile.
  explicit FileBytes(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  const std::string& bytes() const { return bytes_; }

  // Whether this path leads to the file that was read.
  bool is_at(const std::filesystem::path& path) const;

 private:
  std::filesystem::path path_;
  std::string bytes_;
  struct stat read_ {};
};

class LibraryFile : public FileBytes {
 public:
  struct Needed {
    std::string name;  // by which it is asked for
    FileBytes file;
  };

  explicit LibraryFile(std::filesystem::path path);

  // Without those that the program has loaded itself; each comes after one that needs it.
  const std::vector<Needed>& needed() const { return needed_; }

  // Of all these bytes, hash128.
  std::string hash() const;

 private:
  std::vector<Needed> needed_;
};

}  // namespace descent::host
