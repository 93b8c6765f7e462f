// SPDX-License-Identifier: MIT
// The libraries behind a plugin: what the dynamic linker would load with it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace descent::host {

struct NeededLibrary {
  std::string name;            // as the library is asked for: "libfoo.so.1"
  std::filesystem::path path;  // where the dynamic linker finds it
};

// Those of the library at this path, with these bytes, and those that they need in turn, in the
// order in which they are found. Without the libraries that the program has loaded itself: the
// dynamic linker takes those whatever a plugin asks for. Nothing is loaded; those that are not
// found are left out, and loading the plugin reports them.
std::vector<NeededLibrary> needed_libraries(const std::filesystem::path& path,
                                            std::string_view bytes);

}  // namespace descent::host
