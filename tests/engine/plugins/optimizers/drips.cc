// SPDX-License-Identifier: MIT
// Deliberately broken: loses 40 MB a run.
#include <cstring>

#include "../broken.h"

static void misbehave() { std::memset(new char[40'000'000], 1, 40'000'000); }

DESCENT_BROKEN_OPTIMIZER("loses 40 MB a run");
