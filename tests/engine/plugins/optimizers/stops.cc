// SPDX-License-Identifier: MIT
// Deliberately broken: stops its process.
#include <csignal>

#include "../broken.h"

static void misbehave() { std::raise(SIGSTOP); }

DESCENT_BROKEN_OPTIMIZER("stops its process");
