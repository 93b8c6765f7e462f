// SPDX-License-Identifier: MIT
// Deliberately broken: writes behind what it allocated.
#include <cstdlib>

#include "../broken.h"

static void misbehave() {
  auto* const bytes = static_cast<volatile char*>(std::malloc(24));
  for (int i = 0; i < 4096; ++i) bytes[i] = char(0xa5);
}

DESCENT_BROKEN_OPTIMIZER("writes behind what it allocated");
