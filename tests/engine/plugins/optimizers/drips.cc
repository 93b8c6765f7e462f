// SPDX-License-Identifier: MIT
// Deliberately broken: loses 16 MB a run.
#include <cstring>

#include "../broken.h"

static void misbehave() { std::memset(new char[16'000'000], 1, 16'000'000); }

DESCENT_BROKEN_OPTIMIZER("loses 16 MB a run");
