// SPDX-License-Identifier: MIT
// Compiles the graph for both element types.
#include "autograd/graph.h"

namespace descent {

template class Graph<float>;
template class Graph<double>;

}  // namespace descent
