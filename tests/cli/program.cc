// SPDX-License-Identifier: MIT
#include "cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "paths.h"
#include "plain_user.h"

namespace descent {
namespace {

struct Pair {
  int ours = -1, theirs = -1;
};

Pair open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  return {ends[0], ends[1]};
}

Pair open_terminal() {
  Pair pair;
  if (::openpty(&pair.ours, &pair.theirs, nullptr, nullptr, nullptr) != 0)
    throw std::runtime_error("openpty");
  ::fcntl(pair.ours, F_SETFD, FD_CLOEXEC);
  return pair;
}

[[noreturn]] void execute(const Invocation& invocation, int out, int err) {
  std::vector<std::string> words{descent::build_path("descent")};
  words.insert(words.end(), invocation.arguments.begin(), invocation.arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::setpgid(0, 0);
  if (const rlim_t size = invocation.file_size; size > 0) {
    const rlimit limit{size, size};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  for (const auto& [name, value] : invocation.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (invocation.plain_user && !become_plain_user()) ::_exit(125);
  if (!invocation.folder.empty() && ::chdir(invocation.folder.c_str()) != 0) ::_exit(126);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

// False at the end: a terminal ends with an error, a pipe with nothing.
bool read_some(int file, std::string& text) {
  char buffer[1 << 14];
  const auto n = ::read(file, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  text.append(buffer, std::size_t(n));
  return true;
}

}  // namespace

Process::Process(const Invocation& invocation) : start_(std::chrono::steady_clock::now()) {
  const auto out = open_pipe(), err = invocation.terminal ? open_terminal() : open_pipe();
  pid_ = ::fork();
  if (pid_ == 0) execute(invocation, out.theirs, err.theirs);
  ::setpgid(pid_, pid_);  // whoever of the two comes first
  ::close(out.theirs);
  ::close(err.theirs);
  out_ = out.ours;
  err_ = err.ours;
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void Process::signal(int number) const { ::kill(pid_, number); }
void Process::press_control_c() const { ::kill(-pid_, SIGINT); }

bool Process::says(const std::string& text) {
  while (err_read_.find(text) == std::string::npos)
    if (!read_some(err_, err_read_)) return false;
  return true;
}

Result Process::wait() {
  Result result;
  result.err = err_read_;
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    pollfd files[] = {{out_open ? out_ : -1, POLLIN, 0}, {err_open ? err_ : -1, POLLIN, 0}};
    ::poll(files, 2, -1);
    if (files[0].revents != 0) out_open = read_some(out_, result.out);
    if (files[1].revents != 0) err_open = read_some(err_, result.err);
  }
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  result.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return result;
}

Result run(const Invocation& invocation) { return Process(invocation).wait(); }

bool terminals_can_be_opened() {
  int ours = -1, theirs = -1;
  if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) return false;
  ::close(ours);
  ::close(theirs);
  return true;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    std::ifstream status(entry.path() / "stat");
    std::string pid, name, state;
    pid_t of = 0;
    if (status >> pid >> name >> state >> of && of == parent) found.push_back(std::stoi(pid));
  }
  return found;
}

bool is_running(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return bool(status >> number >> name >> state) && state != "Z";
}

}  // namespace descent
