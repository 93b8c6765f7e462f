// SPDX-License-Identifier: MIT
// Deliberately broken: calls _exit.
#include <unistd.h>

#include "../broken.h"

static void misbehave() { ::_exit(0); }

DESCENT_BROKEN_OPTIMIZER("calls _exit");
