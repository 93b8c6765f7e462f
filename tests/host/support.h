// SPDX-License-Identifier: MIT
// The folder of the plugins of this build, and the text of an error.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "folder.h"
#include "host/catalog.h"
#include "paths.h"

namespace descent::testing {

inline std::filesystem::path build_folder() { return descent::build_path(""); }

inline std::filesystem::path shipped_plugins() { return build_folder() / "plugins"; }
inline std::filesystem::path test_plugins() { return build_folder() / "tests/plugins"; }

// The plugins of the tests before those of the build.
inline host::Catalog all_plugins() { return host::Catalog({test_plugins(), shipped_plugins()}); }

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
