// SPDX-License-Identifier: MIT
// Deliberately broken: raises SIGTERM.
#include <csignal>

#include "../broken.h"

static void misbehave() { std::raise(SIGTERM); }

DESCENT_BROKEN_OPTIMIZER("raises SIGTERM");
