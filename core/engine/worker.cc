// SPDX-License-Identifier: MIT
#include "engine/worker.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/end_process.h"
#include "base/error.h"
#include "engine/process_state.h"

namespace descent::engine {
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

class Requests {
 public:
  explicit Requests(int file) : file_(file) {}

  // False when more must be read first.
  bool next(ChunkRequest& request) {
    std::string_view message;
    if (!take_frame(stream_, position_, message)) return false;
    request = decode_request(message);
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

// A plugin's output goes to the worker's log, so that a crash can be reported with its last lines.
// The log is emptied before a chunk: a system call per run would cost a tenth of a short run.
void empty(int log) {
  std::fflush(stdout);
  if (::lseek(log, 0, SEEK_END) > 0 && ::ftruncate(log, 0) == 0) ::lseek(log, 0, SEEK_SET);
}

// Whether the run has taken longer. After a time in which nobody ran, this process may be awake
// before the parent, which knows of that time: so it waits until the parent has looked once more.
bool is_late(const WorkerStatusPage& page, double seconds) {
  const auto now = nanoseconds_now();
  while (page.looked <= now && double(now - page.since) * 1e-9 > seconds)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return double(now - page.since) * 1e-9 > seconds;
}

void begin(WorkerStatusPage& page, std::uint64_t point, std::uint64_t replicate) {
  page.since = nanoseconds_now();
  page.last_point = point;
  page.last = replicate;
  page.replicate = replicate;
}

[[noreturn]] void give_up(WorkerStatusPage& page, WorkerStatusPage::Reason reason) {
  page.reason = reason;
  ::_exit(1);
}

WorkerStatusPage* page_of_process = nullptr;  // for the new-handler, which takes no argument

// Makes the parent's store unreachable: stray writes of a plugin must not end up in it. Closes its
// descriptors, and unmaps the memory that it shares with the file of SQLite's log.
void detach_store(const Files& files) {
  std::array<unsigned, 3> kept{unsigned(files.requests), unsigned(files.results),
                               unsigned(files.log)};
  std::sort(kept.begin(), kept.end());
  unsigned next = STDERR_FILENO + 1;
  for (const auto file : kept) {
    if (file > next) ::close_range(next, file - 1, 0);
    next = file + 1;
  }
  ::close_range(next, ~0u, 0);
  std::ifstream maps("/proc/self/maps");
  std::vector<std::pair<std::uintptr_t, std::uintptr_t>> shared;
  for (std::string line; std::getline(maps, line);)
    if (std::uintptr_t from = 0, to = 0;
        line.ends_with("-shm") && std::sscanf(line.c_str(), "%lx-%lx", &from, &to) == 2)
      shared.emplace_back(from, to);
  for (const auto& [from, to] : shared)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address as read
    ::munmap(reinterpret_cast<void*>(from), to - from);
}

void set_up_process(int log, WorkerStatusPage& page) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);            // no worker outlives the parent
  ::setpgid(0, 0);                               // what plugins start ends with the worker
  ::madvise(&page, sizeof page, MADV_DONTFORK);  // a child that forks and continues here dies
  page_of_process = &page;
  std::set_new_handler([] { give_up(*page_of_process, WorkerStatusPage::Reason::out_of_memory); });
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C is the parent's to handle
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
}

}  // namespace

void serve(const Files& files, WorkerStatusPage& page, const ChunkTrainer& train,
           const MemoryLimit& memory) {
  set_up_process(files.log, page);
  detach_store(files);
  const ProcessState state({files.requests, files.results, files.log});
  Requests queue(files.requests);
  std::string out;
  auto last_write = Clock::now();
  const auto check_files = [&] {
    if (!state.hold_files()) give_up(page, WorkerStatusPage::Reason::lost_files);
  };
  const RunHooks hooks{[&](std::uint64_t replicate) {
                         check_files();
                         begin(page, page.point, replicate);
                       },
                       [&](double seconds) { return is_late(page, seconds); }};
  for (;;) {
    ChunkRequest request;
    if (!queue.next(request)) {
      if (!out.empty() && !queue.arrived()) write_all(files.results, out);
      if (!queue.read()) end_process(0);
      continue;
    }
    empty(files.log);
    page.point = request.point;
    page.first = request.first;
    state.limit_memory(request.lost.size() < request.count ? memory(request.point) : 0);
    ChunkResult result;
    try {
      result = train(request, hooks);
    } catch (const std::bad_alloc&) {
      give_up(page, WorkerStatusPage::Reason::out_of_memory);
    } catch (const Error& error) {  // not of a run: a data file has changed, for example
      std::fprintf(stderr, "%s\n", error.what());
      give_up(page, WorkerStatusPage::Reason::error);
    }
    check_files();
    page.replicate = WorkerStatusPage::idle;
    state.limit_memory(0);
    append_frame(out, encode(result));
    if (!state.restore()) {
      write_all(files.results, out);
      end_process(0);
    }
    if (out.size() < largest_message && Clock::now() - last_write < longest_wait) continue;
    write_all(files.results, out);
    last_write = Clock::now();
  }
}

}  // namespace descent::engine
