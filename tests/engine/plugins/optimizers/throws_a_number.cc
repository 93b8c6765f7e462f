// SPDX-License-Identifier: MIT
// Deliberately broken: throws what is no std::exception.

#include "../broken.h"

static void misbehave() { throw 42; }

DESCENT_BROKEN_OPTIMIZER("throws what is no std::exception");
