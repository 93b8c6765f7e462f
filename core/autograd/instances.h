// SPDX-License-Identifier: MIT
// Which operations the library holds compiled for both element types. Code that is compiled with
// DESCENT_COMPILED_OPERATIONS links them; other code, as a plugin that is built outside this tree,
// compiles those it uses. An operation that is not listed works all the same.
#pragma once

#include "autograd/broadcast.h"
#include "autograd/indexing.h"
#include "autograd/products.h"
#include "autograd/reductions.h"
#include "autograd/softmax.h"
#include "autograd/unary.h"

// NOLINTBEGIN(bugprone-macro-parentheses): a type cannot have parentheses
#define DESCENT_UNARY_OPERATIONS(instance, T) \
  instance class Unary<T, Abs>;               \
  instance class Unary<T, Affine>;            \
  instance class Unary<T, Clamp>;             \
  instance class Unary<T, Elu>;               \
  instance class Unary<T, Exp>;               \
  instance class Unary<T, Gelu>;              \
  instance class Unary<T, LeakyRelu>;         \
  instance class Unary<T, Log>;               \
  instance class Unary<T, Log1p>;             \
  instance class Unary<T, Pow>;               \
  instance class Unary<T, Reciprocal>;        \
  instance class Unary<T, Sigmoid>;           \
  instance class Unary<T, Sign>;              \
  instance class Unary<T, Softplus>;          \
  instance class Unary<T, Sqrt>;              \
  instance class Unary<T, Square>;            \
  instance class Unary<T, Tanh>;

#define DESCENT_BROADCAST_OPERATIONS(instance, T) \
  instance class Broadcast<T, Add, 2>;            \
  instance class Broadcast<T, Divide, 2>;         \
  instance class Broadcast<T, Max, 2>;            \
  instance class Broadcast<T, Min, 2>;            \
  instance class Broadcast<T, Multiply, 2>;       \
  instance class Broadcast<T, Subtract, 2>;       \
  instance class Broadcast<T, Where, 3>;

#define DESCENT_MIXING_OPERATIONS(instance, T)               \
  instance class Columns<T>;                                 \
  instance class Extreme<T, false>;                          \
  instance class Extreme<T, true>;                           \
  instance class Gather<T>;                                  \
  instance class JoinColumns<T>;                             \
  instance class Linear<T>;                                  \
  instance class Matmul<T>;                                  \
  instance class Rows<T>;                                    \
  instance class SoftmaxFamily<T, SoftmaxForm::log_softmax>; \
  instance class SoftmaxFamily<T, SoftmaxForm::log_sum_exp>; \
  instance class SoftmaxFamily<T, SoftmaxForm::softmax>;     \
  instance class Sum<T>;                                     \
  instance class Transpose<T>;
// NOLINTEND(bugprone-macro-parentheses)

#ifdef DESCENT_COMPILED_OPERATIONS
namespace descent::autograd {
DESCENT_UNARY_OPERATIONS(extern template, float)
DESCENT_UNARY_OPERATIONS(extern template, double)
DESCENT_BROADCAST_OPERATIONS(extern template, float)
DESCENT_BROADCAST_OPERATIONS(extern template, double)
DESCENT_MIXING_OPERATIONS(extern template, float)
DESCENT_MIXING_OPERATIONS(extern template, double)
}  // namespace descent::autograd
namespace descent {
extern template class Graph<float>;
extern template class Graph<double>;
}  // namespace descent
#endif
