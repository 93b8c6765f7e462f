// SPDX-License-Identifier: MIT
#include "cli/installation.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

// An installed tree may have been moved: its file leaves the prefix open.
std::string with_prefix(std::string flags, const std::string& prefix) {
  const std::string open = "{prefix}";
  for (auto at = flags.find(open); at != flags.npos; at = flags.find(open, at + prefix.size()))
    flags.replace(at, open.size(), prefix);
  return flags;
}

}  // namespace

Installation installation() {
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  const auto prefix = folder.parent_path();
  for (const auto& [root, file] : {std::pair{folder, folder / "plugin.flags"},
                                   std::pair{prefix, prefix / "lib/descent/plugin.flags"}}) {
    std::string flags;
    if (std::ifstream stream(file); std::getline(stream, flags))
      return {root, with_prefix(flags, root)};
  }
  throw Error(
      fmt::format("neither {0}/plugin.flags nor {1}/lib/descent/plugin.flags is there: this "
                  "program was copied out of its tree; call the one in the build folder, or "
                  "the one that `cmake --install` made",
                  folder.string(), prefix.string()));
}

}  // namespace descent::cli
