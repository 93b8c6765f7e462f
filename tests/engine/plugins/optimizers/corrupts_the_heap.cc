// SPDX-License-Identifier: MIT
// Deliberately broken: writes behind what it allocated.
#include <cstdlib>

#include "../broken.h"

static void misbehave() {
  void* const block = std::malloc(2000);
  auto* const bytes = static_cast<volatile char*>(block);
  for (int i = 0; i < 4096; ++i) bytes[i] = char(0xa5);
  std::free(block);
}

DESCENT_BROKEN_OPTIMIZER("writes behind what it allocated");
