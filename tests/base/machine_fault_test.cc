// SPDX-License-Identifier: MIT
#include "base/machine_fault.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

namespace descent {
namespace {

// errno(3) and the limits of getrlimit(2).
TEST(MachineFault, HasAReasonAndARemedy) {
  const auto of = [](int number) { return describe_fault(number); };
  EXPECT_EQ(of(EMFILE),
            "Too many open files; raise the limit on open files (ulimit -n), or use fewer "
            "--workers");
  for (const auto& [number, remedy] : {std::pair{EAGAIN, "ulimit -u"},
                                       {ENOMEM, "ulimit -v"},
                                       {ENOSPC, "free some space"},
                                       {EFBIG, "ulimit -f"},
                                       {EIO, "check the disk"},
                                       {ELOOP, "name the file itself"},
                                       {ENAMETOOLONG, "use a shorter one"},
                                       {EACCES, "permissions"},
                                       {ENOSYS, "kernel"}})
    EXPECT_NE(of(number).find(remedy), std::string::npos) << of(number);
}

TEST(MachineFault, SaysWhatWasTried) {
  const std::system_error fork(EAGAIN, std::generic_category(), "fork");
  EXPECT_TRUE(describe_fault(fork).starts_with("fork: Resource temporarily unavailable; "))
      << describe_fault(fork);
  const std::filesystem::filesystem_error loop("cannot get file status", "some/file",
                                               std::error_code(ELOOP, std::system_category()));
  EXPECT_TRUE(
      describe_fault(loop).starts_with("some/file: Too many levels of symbolic links; symbolic "))
      << describe_fault(loop);
}

}  // namespace
}  // namespace descent
