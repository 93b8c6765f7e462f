// SPDX-License-Identifier: MIT
// Deliberately broken: says much on standard output.
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "../broken.h"

static struct Loud {
  Loud() { std::puts("hello from the constructor"); }
  ~Loud() { std::puts("goodbye from the destructor"); }
} loud;

static void misbehave() {
  std::cout << "{\"a\": " << std::endl;
  std::puts("[1, 2");
  if (::write(1, "}\n", 2) < 0) std::fputs("no output", stderr);
}

DESCENT_BROKEN_OPTIMIZER("says much on standard output");
