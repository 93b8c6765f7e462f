// SPDX-License-Identifier: MIT
// Deliberately broken: jumps to where nobody has been.
#include <csetjmp>

#include "../broken.h"

static std::jmp_buf nowhere;

static void misbehave() { std::longjmp(nowhere, 1); }

DESCENT_BROKEN_OPTIMIZER("jumps to where nobody has been");
