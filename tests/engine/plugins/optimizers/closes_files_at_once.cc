// SPDX-License-Identifier: MIT
// Deliberately broken: closes every descriptor in one system call, so that none is left when the
// parent sees that the first is closed.
#include <unistd.h>

#include "../broken.h"

static void misbehave() { ::close_range(0, ~0U, 0); }

DESCENT_BROKEN_OPTIMIZER("closes every descriptor at once");
