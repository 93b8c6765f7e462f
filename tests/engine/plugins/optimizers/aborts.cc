// SPDX-License-Identifier: MIT
// Deliberately broken: calls abort.
#include <cstdlib>

#include "../broken.h"

static void misbehave() { std::abort(); }

DESCENT_BROKEN_OPTIMIZER("calls abort");
