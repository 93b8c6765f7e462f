// SPDX-License-Identifier: MIT
#include "engine/process_state.h"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace descent::engine {
namespace {

// Bytes that RLIMIT_DATA counts.
std::uint64_t data_of_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmData:")) return std::strtoull(line.c_str() + 7, nullptr, 10) * 1024;
  return 0;
}

bool is_same(const struct sigaction& a, const struct sigaction& b) {
  return a.sa_handler == b.sa_handler && a.sa_flags == b.sa_flags;
}

}  // namespace

ProcessState::ProcessState(std::vector<int> files)
    : folder_(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)),
      mask_(::umask(0)),
      held_(data_of_process()) {
  ::umask(mask_);  // it can only be read by setting it
  if (folder_ >= 0) files.push_back(folder_);
  for (const int file : files) {
    struct stat is {};
    ::fstat(file, &is);
    files_.push_back({file, is.st_dev, is.st_ino});
  }
  ::sigprocmask(SIG_SETMASK, nullptr, &blocked_);
  for (int number = 1; number < 32; ++number) {
    struct sigaction action {};
    if (number == SIGKILL || number == SIGSTOP || ::sigaction(number, nullptr, &action)) continue;
    handlers_.emplace_back(number, action);
  }
  // Without RLIMIT_DATA: limit_memory() sets it for every chunk.
  for (const int number : {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_STACK, RLIMIT_NOFILE, RLIMIT_AS}) {
    rlimit limit{};
    ::getrlimit(__rlimit_resource(number), &limit);
    limits_.emplace_back(number, limit);
  }
}

bool ProcessState::hold_files() const {
  for (const auto& file : files_) {
    struct stat is {};
    if (::fstat(file.descriptor, &is) || is.st_dev != file.device || is.st_ino != file.inode)
      return false;
  }
  return true;
}

// Timers stop before the handlers return to the defaults, by which an alarm would end the process.
// The signal mask follows the handlers, so that a pending signal meets the restored ones.
bool ProcessState::restore() const {
  bool whole = folder_ < 0 || ::fchdir(folder_) == 0;
  ::umask(mask_);
  for (const int timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    const itimerval none{};
    ::setitimer(__itimer_which(timer), &none, nullptr);
  }
  for (const auto& [number, action] : handlers_) {
    struct sigaction is {};
    ::sigaction(number, nullptr, &is);
    if (!is_same(is, action)) whole &= ::sigaction(number, &action, nullptr) == 0;
  }
  ::sigprocmask(SIG_SETMASK, &blocked_, nullptr);
  for (const auto& [number, limit] : limits_) {
    rlimit is{};
    ::getrlimit(__rlimit_resource(number), &is);
    if (is.rlim_cur == limit.rlim_cur && is.rlim_max == limit.rlim_max) continue;
    whole &= ::setrlimit(__rlimit_resource(number), &limit) == 0;
  }
  if (std::locale() != locale_) std::locale::global(locale_);
  if (std::setlocale(LC_ALL, nullptr) != c_locale_) std::setlocale(LC_ALL, c_locale_.c_str());
  return whole;
}

void ProcessState::limit_memory(std::uint64_t bytes) const {
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  const rlim_t wanted = bytes > 0 ? rlim_t(held_ + bytes) : RLIM_INFINITY;
  const rlim_t least = wanted < limit.rlim_max ? wanted : limit.rlim_max;
  if (limit.rlim_cur == least) return;
  limit.rlim_cur = least;
  ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace descent::engine
