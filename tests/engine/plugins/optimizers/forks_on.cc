// SPDX-License-Identifier: MIT
// Deliberately broken: goes on as two processes.
#include <unistd.h>

#include "../broken.h"

static void misbehave() {
  if (::fork() < 0) throw 1;
}

DESCENT_BROKEN_OPTIMIZER("goes on as two processes");
