// SPDX-License-Identifier: MIT
// Deliberately broken: leaves a child behind and dies. The child is named after the program of
// this worker, so that it is not mistaken for that of another test.
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "../broken.h"

static void misbehave() {
  const auto name = "left-" + std::to_string(::getppid());
  if (::fork() != 0) std::abort();
  ::prctl(PR_SET_NAME, name.c_str());
  for (;;) ::pause();
}

DESCENT_BROKEN_OPTIMIZER("leaves a child behind and dies");
