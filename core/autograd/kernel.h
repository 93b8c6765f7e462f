// SPDX-License-Identifier: MIT
// Loops that use the instruction set of the processor: a function marked DESCENT_KERNEL is compiled
// once for each level of x86-64 (SSE2, AVX2, AVX-512) and chosen when it is loaded, and exp, log
// and their like are SLEEF's vector functions, within 1.2 units in the last place (libsleefgnuabi).
//
// No exception may leave a kernel: g++ treats the function that selects a version as one that does
// not throw, and drops the caller's handlers. Exceptions are caught inside.
#pragma once

#include <armadillo>
#include <array>
#include <cmath>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#if defined(__AVX2__) || defined(__SANITIZE_ADDRESS__)  // one level only, named to the compiler
#define DESCENT_KERNEL __attribute__((flatten))
#else
#define DESCENT_KERNEL \
  __attribute__((flatten, target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif

// Declares the vector forms, which the compiler calls from loops under `omp simd`.
#define DESCENT_VECTOR_FUNCTION(name)                                           \
  extern "C" __attribute__((simd("notinbranch"))) double name(double) noexcept; \
  extern "C" __attribute__((simd("notinbranch"))) float name##f(float) noexcept;
DESCENT_VECTOR_FUNCTION(erfc)
DESCENT_VECTOR_FUNCTION(exp)
DESCENT_VECTOR_FUNCTION(expm1)
DESCENT_VECTOR_FUNCTION(log)
DESCENT_VECTOR_FUNCTION(log1p)
DESCENT_VECTOR_FUNCTION(tanh)
#undef DESCENT_VECTOR_FUNCTION
#else
#define DESCENT_KERNEL
#endif

namespace descent::autograd {

// out[i] = f(in[i]...), or with Add out[i] += f(in[i]...); out overlaps no input. Whole blocks
// only, the last one filled up: f is always the vector form, so that a value does not depend on
// its position in the array.
template <bool Add, class T, class F, class... In>
DESCENT_KERNEL void map(const F f, T* const out, const arma::uword n, const In* const... in) {
  constexpr arma::uword width = 16;
  arma::uword i = 0;
  for (; i + width <= n; i += width) {
#pragma omp simd
    for (arma::uword j = 0; j < width; ++j) {
      const T value = f(in[i + j]...);
      out[i + j] = Add ? out[i + j] + value : value;
    }
  }
  if (i == n) return;
  const auto padded = [&](const T* from) {
    std::array<T, width> block{};
    for (arma::uword j = 0; j < n - i; ++j) block[j] = from[i + j];
    return block;
  };
  std::array<T, width> last;
  [&](const auto&... block) {
#pragma omp simd
    for (arma::uword j = 0; j < width; ++j) last[j] = f(block[j]...);
  }(padded(in)...);
  for (arma::uword j = 0; i < n; ++i, ++j) out[i] = Add ? out[i] + last[j] : last[j];
}

// y += x.
template <class T>
DESCENT_KERNEL void add(const T* x, T* y, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) y[i] += x[i];
}

}  // namespace descent::autograd
