// SPDX-License-Identifier: MIT
// Deliberately broken: takes for granted that there is memory.
#include <cstdlib>
#include <cstring>

#include "../broken.h"

static void misbehave() {
  for (;;) std::memset(std::malloc(8 << 20), 1, 8 << 20);
}

DESCENT_BROKEN_OPTIMIZER("takes for granted that there is memory");
