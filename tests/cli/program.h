// SPDX-License-Identifier: MIT
// The program itself, run as a person runs it: another process, its exit code, its two outputs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace descent {

struct Invocation {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment = {};  // added to the test's own
  std::string folder = {};                              // to run in; empty: the test's own
  bool terminal = false;                                // standard error is a terminal
  std::uint64_t file_size = 0;                          // limit of its files in bytes; 0: none
  bool plain_user = false;                              // modes of files hold, also for root
};

struct Result {
  int code = -1;    // of exit; of a signal 128 + its number
  std::string out;  // standard output
  std::string err;  // standard error, or what the terminal saw
  double seconds = 0;
};

// A process that was started and is waited for; killed if it is still there at the end.
class Process {
 public:
  explicit Process(const Invocation& invocation);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  void press_control_c() const;        // the whole group gets SIGINT, as from a terminal
  bool says(const std::string& text);  // waits for it on standard error; false: the end came first
  Result wait();                       // reads both outputs to their end

 private:
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
  std::string err_read_;  // of standard error, by says()
  std::chrono::steady_clock::time_point start_;
};

Result run(const Invocation& invocation);

// False where /dev/pts is not mounted, as in a bare chroot.
bool terminals_can_be_opened();

// Processes with this one as their parent.
std::vector<pid_t> children_of(pid_t parent);
bool is_running(pid_t pid);  // and no zombie

}  // namespace descent
