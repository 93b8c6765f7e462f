// SPDX-License-Identifier: MIT
// Deliberately broken: writes into every descriptor.
#include <unistd.h>

#include "../broken.h"

static void misbehave() {
  for (int file = 3; file < 64; ++file)
    if (::write(file, "these bytes are no result", 25) < 0) continue;
  ::usleep(300'000);
}

DESCENT_BROKEN_OPTIMIZER("writes into every descriptor");
