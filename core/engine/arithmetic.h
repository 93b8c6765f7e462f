// SPDX-License-Identifier: MIT
// Which bits this processor computes. BLAS, the vector functions and the C library choose code by
// processor, and so do the loops of kernel.h: one build gives other bits on another processor.
#pragma once

#include <string>

namespace descent::engine {

// A hash of the bits of a fixed battery: products and solutions in both element types, elementary
// functions, and five steps of training. It takes a few milliseconds. Equal hashes mean that the
// battery, not everything, is equal.
std::string arithmetic();

}  // namespace descent::engine
