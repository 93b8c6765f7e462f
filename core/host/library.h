// SPDX-License-Identifier: MIT
// A plugin's library in this process, and the libraries behind it: loaded from sealed copies of
// what was read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/library_file.h"
#include "sdk/abi.h"

namespace descent::host {

// The libraries behind come first, so that the dynamic linker finds them loaded, by their name
// (SONAME). One without such a name can only be loaded from its file; its memory is then replaced
// by copies.
class Library {
 public:
  // Throws Error with the path and the dynamic linker's reason; std::system_error where there can
  // be no copy.
  explicit Library(const LibraryFile& file);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const descent_plugin* entry() const;  // null: it is not a plugin

  // How loading changed the floating-point environment, which was restored; "": not at all.
  const std::string& floating_point() const { return floating_point_; }

 private:
  class LoadedCopy;
  void add(const FileBytes& file);
  void add_with_libraries(const LibraryFile& file);

  std::vector<std::unique_ptr<LoadedCopy>> copies_;  // the plugin is the last one
  std::string floating_point_;
};

}  // namespace descent::host
