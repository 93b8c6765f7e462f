// SPDX-License-Identifier: MIT
// Deliberately broken: allocates until there is nothing left.
#include <cstring>

#include "../broken.h"

static void misbehave() {
  for (;;) std::memset(new char[8 << 20], 1, 8 << 20);
}

DESCENT_BROKEN_OPTIMIZER("allocates until there is nothing left");
