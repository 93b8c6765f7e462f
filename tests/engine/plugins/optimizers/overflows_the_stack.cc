// SPDX-License-Identifier: MIT
// Deliberately broken: calls itself for ever.

#include "../broken.h"

[[gnu::noinline]] static int deeper(volatile int* above) {
  volatile int here[1024];
  here[0] = *above + 1;
  if (here[0] < 0) return 0;
  return deeper(here) + here[0];
}

static void misbehave() {
  volatile int start = 0;
  deeper(&start);
}

DESCENT_BROKEN_OPTIMIZER("calls itself for ever");
