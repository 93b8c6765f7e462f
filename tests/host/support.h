// SPDX-License-Identifier: MIT
// Where the plugins of this build lie, and the text of an error.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "host/catalog.h"

namespace descent::testing {

inline std::filesystem::path build_folder() {
  return DESCENT_BUILD_DIR;
}

inline std::filesystem::path shipped_plugins() { return build_folder() / "plugins"; }
inline std::filesystem::path test_plugins() { return build_folder() / "tests/plugins"; }

// The plugins of the tests before those of the build.
inline Catalog all_plugins() { return Catalog({test_plugins(), shipped_plugins()}); }

// An empty folder, removed at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("descent-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The message of the Error that call throws; "" when it throws none.
template <class F>
std::string error_of(F&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// The message of the std::runtime_error a plugin's words become.
template <class F>
std::string failure_of(F&& call) {
  try {
    call();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace descent::testing
