// SPDX-License-Identifier: MIT
#include "cli/watch.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "base/end_process.h"
#include "cli/command.h"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds pause{200};

// What tells one state of a file from another: a linker may write twice within a clock's tick.
using State = std::pair<fs::file_time_type, std::uintmax_t>;
using Snapshot = std::map<fs::path, State>;

void add(Snapshot& snapshot, const fs::path& file) {
  std::error_code time_failed, size_failed;  // it may vanish while it is looked at
  const State state{fs::last_write_time(file, time_failed), fs::file_size(file, size_failed)};
  if (!time_failed && !size_failed) snapshot[file] = state;
}

Snapshot look(const std::vector<fs::path>& files, const std::vector<fs::path>& folders) {
  Snapshot snapshot;
  for (const auto& file : files) add(snapshot, file);
  for (const auto& folder : folders) {
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed))
      if (entry->path().extension() == ".so") add(snapshot, entry->path());
  }
  return snapshot;
}

int in_a_process(const std::function<int(int)>& round, int number) {
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "no process for a round");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int code = round(number);  // its exceptions are reported as without --watch
    std::cout.flush();
    std::fflush(nullptr);
    end_process(code);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : interrupted;
}

}  // namespace

void watch(const std::function<std::vector<fs::path>()>& files_now,
           const std::vector<fs::path>& folders, const volatile std::sig_atomic_t& stop,
           const std::function<int(int)>& round) {
  for (int number = 0; !stop; ++number) {
    const auto files = files_now();
    const auto before = look(files, folders);
    if (in_a_process(round, number) == interrupted) return;
    auto now = look(files, folders);
    for (auto last = before; !stop && (now == before || now != last);) {  // changed, and at rest
      std::this_thread::sleep_for(pause);
      last = std::exchange(now, look(files, folders));
    }
  }
}

}  // namespace descent::cli
