// SPDX-License-Identifier: MIT
#include "engine/worker_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <sstream>
#include <string>
#include <system_error>

namespace descent::engine {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

WorkerProcess::WorkerProcess() {
  void* const page = ::mmap(nullptr, sizeof(WorkerStatusPage), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) fail("mmap");
  page_ = new (page) WorkerStatusPage;
  log_ = ::memfd_create("descent-worker-log", MFD_CLOEXEC);
  if (log_ < 0) fail("memfd_create");
}

WorkerProcess::~WorkerProcess() {
  if (is_started()) {
    kill();
    ::waitpid(pid_, nullptr, 0);
  }
  close_streams();
  ::close(log_);
  ::munmap(page_, sizeof(WorkerStatusPage));
}

void WorkerProcess::close_streams() {
  for (int* file : {&tasks_, &results_}) {
    if (*file >= 0) ::close(*file);
    *file = -1;
  }
}

void WorkerProcess::start(const std::vector<const WorkerProcess*>& others,
                          const ChunkTrainer& train, const MemoryLimit& memory) {
  int requests[2], results[2];
  // Requests go through a socket: MSG_NOSIGNAL turns writing to a dead worker into an error, where
  // a pipe would raise SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, requests) < 0) fail("socketpair");
  if (::pipe2(results, O_CLOEXEC) < 0) fail("pipe");
  ::fcntl(results[1], F_SETPIPE_SZ, 1 << 20);  // fewer wake-ups; the default works too
  // Before the fork: afterwards the child may already have written to the page.
  page_->replicate = page_->last = page_->first = WorkerStatusPage::idle;
  page_->reason = WorkerStatusPage::Reason::none;
  std::fflush(nullptr);  // or the child would print it again
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    ::close(requests[1]);
    ::close(results[0]);
    for (const auto* other : others)
      for (const int file : {other->tasks_, other->results_})
        if (file >= 0) ::close(file);
    serve({requests[0], results[1], log_}, *page_, train, memory);
  }
  ::setpgid(pid, pid);  // the child does the same: either may run first
  ::close(requests[0]);
  ::close(results[1]);
  pid_ = pid;
  tasks_ = requests[1];
  results_ = results[0];
  // Or the parent would wait for this worker alone, and for ever if it hangs.
  for (const int file : {tasks_, results_})
    if (::fcntl(file, F_SETFL, O_NONBLOCK) < 0) fail("fcntl");
}

// WNOWAIT: it stays a zombie and keeps its id until reap().
bool WorkerProcess::has_ended() const {
  siginfo_t about{};
  return is_started() && ::waitid(P_PID, id_t(pid_), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         about.si_pid == pid_;
}

// The flags are the ninth field of proc(5)'s stat, the seventh after the name in parentheses.
bool WorkerProcess::is_exiting() const {
  constexpr unsigned long exiting = 4;  // PF_EXITING of linux/sched.h
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream fields(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
  std::string field;
  for (int i = 0; i < 7; ++i) fields >> field;
  return !fields || std::strtoul(field.c_str(), nullptr, 10) & exiting;
}

void WorkerProcess::kill() {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // it may not have made its group yet
}

// The group is killed before the wait: afterwards the id may belong to another process.
WorkerProcess::End WorkerProcess::reap() {
  End end;
  rusage usage{};
  ::kill(-pid_, SIGKILL);  // processes that it left behind
  while (::wait4(pid_, &end.status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.most_memory = std::uint64_t(usage.ru_maxrss) * 1024;
  pid_ = -1;
  close_streams();
  return end;
}

void WorkerProcess::write(std::string& bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(tasks_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // full, or the worker died, which reading its results will show
    bytes.erase(0, std::size_t(n));
  }
}

bool WorkerProcess::read(std::string& bytes) {
  char buffer[1 << 16];
  for (;;) {
    const auto n = ::read(results_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0;
    bytes.append(buffer, std::size_t(n));
  }
}

std::string WorkerProcess::last_output() const {
  const auto size = ::lseek(log_, 0, SEEK_END);
  const auto from = std::max<off_t>(0, size - 400);
  std::string text(std::size_t(size - from), '\0');
  const auto n = ::pread(log_, text.data(), text.size(), from);
  text.resize(n > 0 ? std::size_t(n) : 0);
  if (from > 0) text.erase(0, text.find('\n') + 1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', '|');
  return text;
}

}  // namespace descent::engine
