// SPDX-License-Identifier: MIT
// Doing something again whenever files change.
#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <vector>

namespace descent::cli {

// Calls `round` in a process of its own, as plugins that were rebuilt have to be loaded again, and
// once more after each change of one of the files or of a plugin (*.so) in or below one of the
// folders. Which files, is asked before each round.
// Returns when a round ends with `interrupted` or `stop` is set. `round` gets its number from 0 and
// returns an exit code.
void watch(const std::function<std::vector<std::filesystem::path>()>& files_now,
           const std::vector<std::filesystem::path>& folders,
           const volatile std::sig_atomic_t& stop, const std::function<int(int)>& round);

}  // namespace descent::cli
