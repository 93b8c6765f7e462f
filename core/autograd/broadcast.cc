// SPDX-License-Identifier: MIT
// Compiles the operations element by element, of several operands for both element types.
#include "autograd/instances.h"

namespace descent::autograd {

DESCENT_BROADCAST_OPERATIONS(template, float)
DESCENT_BROADCAST_OPERATIONS(template, double)

}  // namespace descent::autograd
