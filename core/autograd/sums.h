// SPDX-License-Identifier: MIT
// Sums over many elements. float keeps too few digits for a long running sum, so short runs are
// added up in float and their sums in double: within 1e-6 of the exact sum of the terms' sizes,
// however many there are. Sums of double are taken as they come.
#pragma once

#include <algorithm>
#include <array>

#include "autograd/kernel.h"

namespace descent::autograd {

inline constexpr arma::uword columns_run = 32;  // of columns, which are added up one by one

// The sum of term(i) over i < n; to be called within a kernel. A run of float is 256 terms: 32 sums
// side by side, which are added up as pairs of pairs. So a term goes through at most 18 additions
// of float, or 31 at the end, whether the compiler uses vectors or not.
template <class T, class Term>
inline double sum_of(arma::uword n, const Term& term) {
  constexpr arma::uword lanes = 32, run = 256, quarter = lanes / 4;
  double sum = 0;
  arma::uword first = 0;
  if constexpr (sizeof(T) == 4)
    while (n - first >= lanes) {
      std::array<T, lanes> sums{};
      for (const arma::uword last = std::min(n, first + run); last - first >= lanes; first += lanes)
#pragma omp simd
        for (arma::uword i = 0; i < lanes; ++i) sums[i] += term(first + i);
      T all = 0;
#pragma omp simd reduction(+ : all)
      for (arma::uword i = 0; i < quarter; ++i)
        all += (sums[i] + sums[i + quarter]) + (sums[i + 2 * quarter] + sums[i + 3 * quarter]);
      sum += double(all);
    }
  T rest = 0;
#pragma omp simd reduction(+ : rest)
  for (arma::uword i = first; i < n; ++i) rest += term(i);
  return sum + double(rest);
}

// The sum of term(i) over i < 256 for terms that cost no more than an addition: pairs of pairs of
// pairs, so that the loop waits for few additions.
template <class T, class Term>
inline T sum_of_block(const Term& term) {
  constexpr arma::uword lanes = 32;
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (arma::uword i = 0; i < lanes; ++i) {
    const auto at = [&](arma::uword row) { return term(i + row * lanes); };
    sum += ((at(0) + at(1)) + (at(2) + at(3))) + ((at(4) + at(5)) + (at(6) + at(7)));
  }
  return sum;
}

// The same of n terms.
template <class T, class Term>
inline double sum_of_cheap(arma::uword n, const Term& term) {
  constexpr arma::uword block = 256;
  double sum = 0;
  arma::uword first = 0;
  for (; first + block <= n; first += block)
    sum += double(sum_of_block<T>([&](arma::uword i) { return term(first + i); }));
  return sum + sum_of<T>(n - first, [&](arma::uword i) { return term(first + i); });
}

template <class T>
DESCENT_KERNEL double total(const T* x, arma::uword n) {
  return sum_of_cheap<T>(n, [x](arma::uword i) { return x[i]; });
}

template <class T>
DESCENT_KERNEL double dot(const T* a, const T* b, arma::uword n) {
  return sum_of_cheap<T>(n, [a, b](arma::uword i) { return a[i] * b[i]; });
}

// Whether a sum of so many terms needs more than T.
template <class T>
constexpr bool is_long_sum(arma::uword n) {
  return sizeof(T) == 4 && n > 4096;
}

// to[i * stride] += sum over j of x(i, j) * factor(j), for a part of the rows of a long x.
template <class T, class FactorOf>
inline void add_rows(const T* x, arma::uword rows, arma::uword cols, arma::uword begin,
                     arma::uword count, const FactorOf& factor, T* to, arma::uword stride) {
  constexpr arma::uword width = 16;
  std::array<double, width> sums{};
  for (arma::uword first = 0; first < cols; first += columns_run) {
    const arma::uword last = std::min(cols, first + columns_run);
    std::array<T, width> run{};
    if (count == width)
      for (arma::uword j = first; j < last; ++j) {
        const T f = factor(j);
#pragma omp simd
        for (arma::uword i = 0; i < width; ++i) run[i] += f * x[begin + i + j * rows];
      }
    else
      for (arma::uword j = first; j < last; ++j)
        for (arma::uword i = 0; i < count; ++i) run[i] += factor(j) * x[begin + i + j * rows];
    for (arma::uword i = 0; i < count; ++i) sums[i] += double(run[i]);
  }
  for (arma::uword i = 0; i < count; ++i)
    to[(begin + i) * stride] = T(double(to[(begin + i) * stride]) + sums[i]);
}

// to += the sums along the rows of x.
template <class T>
DESCENT_KERNEL void add_columns(const T* x, T* to, arma::uword rows, arma::uword cols) {
  if (is_long_sum<T>(cols)) {
    for (arma::uword begin = 0; begin < rows; begin += 16)
      add_rows(
          x, rows, cols, begin, std::min<arma::uword>(16, rows - begin),
          [](arma::uword) { return T(1); }, to, 1);
    return;
  }
  for (arma::uword j = 0; j < cols; ++j)
#pragma omp simd
    for (arma::uword i = 0; i < rows; ++i) to[i] += x[i + j * rows];
}

// The same of x times a factor a column, at factors[j * across]; results are `stride` apart.
template <class T>
DESCENT_KERNEL void add_weighted_columns(const T* x, arma::uword rows, arma::uword cols,
                                         const T* factors, arma::uword across, T* to,
                                         arma::uword stride) {
  for (arma::uword begin = 0; begin < rows; begin += 16)
    add_rows(
        x, rows, cols, begin, std::min<arma::uword>(16, rows - begin),
        [=](arma::uword j) { return factors[j * across]; }, to, stride);
}

// sum += part, where `lost` carries what rounding took from the sum [Kahan, 1965].
template <class T>
DESCENT_KERNEL void add_compensated(const T* part, T* sum, T* lost, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) {
    const T added = part[i] - lost[i], after = sum[i] + added;
    lost[i] = (after - sum[i]) - added;
    sum[i] = after;
  }
}

}  // namespace descent::autograd
