// SPDX-License-Identifier: MIT
#include "cli/installation.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "base/quotes.h"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

// An installed tree may have been moved: its file leaves the prefix open.
std::string with_prefix(std::string flag, const std::string& prefix) {
  const std::string open = "{prefix}";
  if (const auto at = flag.find(open); at != flag.npos) flag.replace(at, open.size(), prefix);
  return flag;
}

}  // namespace

Installation installation() {
  const auto folder = fs::path(own_executable()).parent_path();
  const auto prefix = folder.parent_path();
  for (const auto& [root, file] : {std::pair{folder, folder / "plugin.flags"},
                                   std::pair{prefix, prefix / "lib/descent/plugin.flags"}}) {
    std::ifstream stream(file);
    std::string flags;
    for (std::string flag; std::getline(stream, flag);)
      flags += (flags.empty() ? "" : " ") + shell_word(with_prefix(flag, root));
    if (!flags.empty()) return {root, flags};
  }
  throw Error(
      fmt::format("neither {0}/plugin.flags nor {1}/lib/descent/plugin.flags is there: this "
                  "program was copied out of its tree; call the one in the build folder, or "
                  "the one that `cmake --install` made",
                  folder.string(), prefix.string()));
}

}  // namespace descent::cli
