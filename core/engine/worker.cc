// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

// A chunk's result waits for others at most this long: a message costs a system call.
constexpr auto longest_wait = std::chrono::milliseconds(50);
constexpr std::size_t largest_message = 1 << 18;

void write_all(int file, std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto n = ::write(file, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(0);  // the parent is gone
    done += std::size_t(n);
  }
  bytes.clear();
}

class Tasks {
 public:
  explicit Tasks(int file) : file_(file) {}

  // False when more must be read first.
  bool next(Task& task) {
    std::string_view message;
    if (!take_frame(stream_, position_, message)) return false;
    task = decode_task(message);
    return true;
  }

  bool arrived() const {
    pollfd waiting{file_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }

  // Waits for bytes; false at the end of the stream.
  bool read() {
    char buffer[1 << 16];
    const auto n = ::read(file_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) return true;
    if (n <= 0) return false;
    stream_.append(buffer, std::size_t(n));
    return true;
  }

 private:
  int file_;
  std::string stream_;
  std::size_t position_ = 0;
};

// What a plugin prints goes to the worker's log, so that a crash can be told with its last words.
// It is emptied before a chunk: a system call a run would be a tenth of a short run.
void empty(int log) {
  std::fflush(stdout);
  if (::lseek(log, 0, SEEK_END) > 0 && ::ftruncate(log, 0) == 0) ::lseek(log, 0, SEEK_SET);
}

void begin(Beacon& beacon, std::uint64_t point, std::uint64_t replicate) {
  beacon.since =
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
  beacon.point = point;
  beacon.replicate = replicate;
}

void settle_process(int log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no worker outlives the parent
  std::signal(SIGINT, SIG_IGN);        // Ctrl-C is the parent's to handle
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
}

}  // namespace

void serve(int tasks, int results, int log, Beacon& beacon, const ChunkTrainer& train) {
  settle_process(log);
  Tasks queue(tasks);
  std::string out;
  auto last_write = Clock::now();
  for (;;) {
    Task task;
    if (!queue.next(task)) {
      if (!out.empty() && !queue.arrived()) write_all(results, out);
      if (!queue.read()) _exit(0);
      continue;
    }
    empty(log);
    const auto result = train(task, [&](std::uint64_t r) { begin(beacon, task.point, r); });
    beacon.replicate = Beacon::idle;
    append_frame(out, encode(result));
    if (out.size() < largest_message && Clock::now() - last_write < longest_wait) continue;
    write_all(results, out);
    last_write = Clock::now();
  }
}

}  // namespace descent
