// SPDX-License-Identifier: MIT
// Instantiates the graph for both element types, so that every operation is compiled with the
// library and not first by its users.
#include "autograd/ops.h"

namespace descent {

template class Graph<float>;
template class Graph<double>;

}  // namespace descent
