// SPDX-License-Identifier: MIT
// File modes do not restrict root. Tests of files that cannot be read
// or written take this privilege from root, so that they see the same for every user.
#pragma once

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace descent {

// Of the calling thread, as the kernel has them.
class Privileges {
 public:
  bool read() { return ::syscall(SYS_capget, &header_, sets_) == 0; }
  bool write() { return ::syscall(SYS_capset, &header_, sets_) == 0; }

  void without_past_modes(bool for_good) {
    const unsigned kept = ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
    sets_[0].effective &= kept;
    if (for_good) sets_[0].permitted &= kept;
    if (for_good) sets_[0].inheritable &= kept;
  }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets_[2] = {};
};

// Modes hold for the calling thread as long as this lives.
class PlainUser {
 public:
  PlainUser() {
    bool done = before_.read();
    auto less = before_;
    less.without_past_modes(false);
    done = done && less.write();
    if (!done) throw std::system_error(errno, std::generic_category(), "capabilities");
  }
  ~PlainUser() { before_.write(); }
  PlainUser(const PlainUser&) = delete;
  PlainUser& operator=(const PlainUser&) = delete;

 private:
  Privileges before_;
};

// Modes hold for this process and for the programs that it becomes. False when that cannot be.
inline bool become_plain_user() {
  Privileges mine;
  if (!mine.read()) return false;
  mine.without_past_modes(true);
  return mine.write() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

}  // namespace descent
