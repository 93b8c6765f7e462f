// SPDX-License-Identifier: MIT
// Deliberately broken: sends itself SIGKILL.
#include <csignal>

#include "../broken.h"

static void misbehave() { std::raise(SIGKILL); }

DESCENT_BROKEN_OPTIMIZER("sends itself SIGKILL");
