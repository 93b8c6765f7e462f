// SPDX-License-Identifier: MIT
#include "host/isolated.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/end_process.h"

namespace descent::host {
namespace {

constexpr char returned = '+', threw = '-';  // the first byte; none: the process ended otherwise

[[noreturn]] void work_in_child(const std::function<std::string()>& work, int pipe,
                                unsigned seconds) {
  for (const int number : {SIGALRM, SIGINT, SIGTERM}) ::signal(number, SIG_DFL);
  ::alarm(seconds);
  std::string answer;
  try {
    answer = returned + work();
  } catch (const std::exception& error) {
    answer = threw + std::string(error.what());
  } catch (...) {
    answer = threw + std::string("an exception that is not a std::exception");
  }
  for (std::size_t at = 0; at < answer.size();) {
    const auto n = ::write(pipe, answer.data() + at, answer.size() - at);
    if (n <= 0) break;
    at += std::size_t(n);
  }
  end_process(0);
}

std::string read_all(int pipe) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const auto n = ::read(pipe, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(buffer, std::size_t(n));
  }
}

void await(int pipe, const std::function<void()>& waiting) {
  constexpr int patience = 2000;  // milliseconds
  pollfd answer{pipe, POLLIN, 0};
  if (::poll(&answer, 1, patience) == 0) waiting();
}

std::string ending(int status, unsigned seconds) {
  if (!WIFSIGNALED(status)) return fmt::format("ended with exit code {}", WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  if (number == SIGALRM) return fmt::format("killed after {} s", seconds);
  return fmt::format("killed by signal {} ({})", number, ::strsignal(number));
}

}  // namespace

Isolated isolated(const std::function<std::string()>& work, unsigned seconds,
                  const std::function<void()>& waiting) {
  int ends[2];
  std::fflush(nullptr);  // or the child's exit prints it again
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  const auto child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) work_in_child(work, ends[1], seconds);
  ::close(ends[1]);
  if (waiting) await(ends[0], waiting);
  const auto answer = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (answer.empty()) return {false, ending(status, seconds)};
  return {answer[0] == returned, answer.substr(1)};
}

}  // namespace descent::host
