// SPDX-License-Identifier: MIT
// Compiles the operations that mix elements for both element types.
#include "autograd/instances.h"

namespace descent::autograd {

DESCENT_MIXING_OPERATIONS(template, float)
DESCENT_MIXING_OPERATIONS(template, double)

}  // namespace descent::autograd
