// SPDX-License-Identifier: MIT
#include "cluster/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/machine_fault.h"
#include "cluster/slurm.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto between_touches = 10s;
constexpr auto longest_silence = 90s;

struct Holder {
  std::string host, slurm_job;
  pid_t pid = 0;
};

Holder holder_in(const std::string& text) {
  Holder holder;
  std::istringstream words(text);
  words >> holder.host >> holder.pid >> holder.slurm_job;
  return holder;
}

std::string own_slurm_job() {
  const auto* const job = std::getenv("SLURM_JOB_ID");
  return job && *job ? job : "-";
}

// By the clock of the file system, which all machines share: `own` is touched for it.
bool is_silent(const std::string& lock, const std::string& own) {
  struct stat theirs {
  }, ours{};
  if (::utimensat(AT_FDCWD, own.c_str(), nullptr, 0) != 0 || ::stat(own.c_str(), &ours) != 0 ||
      ::stat(lock.c_str(), &theirs) != 0)
    return false;
  return ours.st_mtime - theirs.st_mtime > longest_silence / 1s;
}

enum class Life { alive, ended, unknown };

// unknown: only time tells.
Life life_of(const Holder& holder) {
  if (holder.host == host_name())
    return ::kill(holder.pid, 0) == 0 || errno == EPERM ? Life::alive : Life::ended;
  if (holder.slurm_job.empty() || holder.slurm_job == "-" || holder.slurm_job == own_slurm_job())
    return Life::unknown;
  return is_queued(holder.slurm_job) ? Life::alive : Life::ended;
}

[[noreturn]] void refuse(const Job& job, const Holder& holder) {
  throw Error(fmt::format("the job {} is being collected by process {} on {}; wait until it ends",
                          job.folder(), holder.pid, holder.host));
}

// Removed at the end of the scope; as a lock it stays under its other name.
struct OwnFile {
  std::string path;
  ~OwnFile() { ::unlink(path.c_str()); }
};

// Of several that see a holder who has ended, one succeeds in moving its lock away.
void take_away(const std::string& lock, const std::string& text, const Job& job,
               const Holder& holder) {
  const auto away = fmt::format("{}.{}.{}", lock, host_name(), ::getpid());
  if (::rename(lock.c_str(), away.c_str()) != 0) return;
  const bool is_theirs = read_file(away) == text;
  if (!is_theirs) ::link(away.c_str(), lock.c_str());  // another was faster
  ::unlink(away.c_str());
  if (is_theirs)
    job.log(fmt::format("took over the lock of process {} on {}, which has ended", holder.pid,
                        holder.host));
}

void touch(const std::string& path, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, stop, between_touches, [&] { return stop.stop_requested(); }))
    ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
}

// Signals are for the thread that trains.
std::jthread toucher(const std::string& path) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread([path](const std::stop_token& stop) { touch(path, stop); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

JobLock::JobLock(const Job& job) : path_(job.path("lock")) {
  // Written first, then linked: nobody sees a lock without its holder, on NFS neither.
  const OwnFile own{fmt::format("{}.of.{}.{}", path_, host_name(), ::getpid())};
  text_ = fmt::format("{} {} {}\n", host_name(), ::getpid(), own_slurm_job());
  replace_file(own.path, text_);
  while (::link(own.path.c_str(), path_.c_str()) != 0) {
    if (errno != EEXIST)
      throw StoreError({path_, 0, 0}, fmt::format("cannot be written: {}", describe_fault(errno)));
    const auto text = read_file(path_);
    if (!text) continue;  // it was released meanwhile
    const auto holder = holder_in(*text);
    const auto life = life_of(holder);
    if (life == Life::ended || (life == Life::unknown && is_silent(path_, own.path)))
      take_away(path_, *text, job, holder);
    else if (life == Life::unknown && holder.slurm_job != "-" && !holder.slurm_job.empty())
      std::this_thread::sleep_for(1s);  // the first run of this job
    else
      refuse(job, holder);
  }
  touching_ = toucher(path_);
}

JobLock::~JobLock() {
  touching_.request_stop();
  touching_.join();
  if (read_file(path_) == text_) ::unlink(path_.c_str());  // after a long sleep, it is another's
}

}  // namespace descent::cluster
