// SPDX-License-Identifier: MIT
#include "engine/data_files.h"

#include <sys/stat.h>

#include "base/error.h"
#include "base/hash.h"

namespace descent::engine {

DataFiles::State DataFiles::state_of(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0) return {};
  return {is.st_dev, is.st_ino, is.st_size, is.st_mtim.tv_sec, is.st_mtim.tv_nsec};
}

void DataFiles::read(const std::vector<std::string>& paths, const std::function<void()>& read) {
  std::vector<State> before;
  for (const auto& path : paths) before.push_back(state_of(path));
  read();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto& file = files_[paths[i]];
    if (!file.hash.empty() && file.state == before[i] && before[i] == state_of(paths[i])) continue;
    const auto hash = hash128_of_file(paths[i]);
    if (state_of(paths[i]) != before[i])
      throw Error({paths[i], 0, 0},
                  "was written while it was read; run this again when it is complete");
    if (!file.hash.empty() && file.hash != hash)
      throw Error(
          {paths[i], 0, 0},
          "has changed since this program first read it; stored results are those of the earlier "
          "contents. The same command trains the points again with the new contents");
    file = {hash, before[i]};
  }
}

}  // namespace descent::engine
