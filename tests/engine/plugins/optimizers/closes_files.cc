// SPDX-License-Identifier: MIT
// Deliberately broken: closes every descriptor.
#include <unistd.h>

#include "../broken.h"

static void misbehave() {
  for (int file = 0; file < 256; ++file) ::close(file);
}

DESCENT_BROKEN_OPTIMIZER("closes every descriptor");
