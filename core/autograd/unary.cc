// SPDX-License-Identifier: MIT
// Compiles the operations element by element, of one operand for both element types.
#include "autograd/instances.h"

namespace descent::autograd {

DESCENT_UNARY_OPERATIONS(template, float)
DESCENT_UNARY_OPERATIONS(template, double)

}  // namespace descent::autograd
