// SPDX-License-Identifier: MIT
// Deliberately broken: leaves a child behind and dies.
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>

#include "../broken.h"

static void misbehave() {
  if (::fork() != 0) std::abort();
  ::prctl(PR_SET_NAME, "left-behind");
  for (;;) ::pause();
}

DESCENT_BROKEN_OPTIMIZER("leaves a child behind and dies");
