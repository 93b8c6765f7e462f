// SPDX-License-Identifier: MIT
// The matrix product on processors with AVX-512, where OpenBLAS may lack kernels for it and its
// calls are expensive for the sizes of small networks. docs/performance.md has the figures.
#pragma once

#include <armadillo>
#include <cstring>

namespace descent::autograd {

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)

// A tile of the result is two vectors high and up to twelve columns wide: 24 registers of sums.
template <class T>
inline constexpr arma::uword tile_rows = 2 * 64 / sizeof(T);

// Whether gemm() may be called and is the better choice for a result of so many rows: it works in
// whole tiles, so the incomplete last tile should be a small part.
template <class T>
bool gemm_pays(arma::uword rows) {
  static const bool has_avx512 = __builtin_cpu_supports("x86-64-v4");
  return has_avx512 && (rows % tile_rows<T> == 0 || rows > 3 * tile_rows<T>);
}

// The only place where products are fused with sums: with a fixed compiler the result is fixed,
// too.
#define DESCENT_AVX512 __attribute__((target("arch=x86-64-v4"), optimize("fp-contract=fast")))

// Columns of the result from `panel` (k columns of tile_rows elements) and b, with element (p, j)
// at b[p * down + j * across].
template <int Columns, class T>
DESCENT_AVX512 void tile(const T* panel, const T* b, arma::uword down, arma::uword across,
                         arma::uword k, T* c, arma::uword stride, arma::uword rows, bool add) {
  typedef T Vector __attribute__((vector_size(64)));
  constexpr arma::uword high = tile_rows<T>;
  Vector sum[Columns][2] = {};
  for (arma::uword p = 0; p < k; ++p) {
    Vector a[2];
    std::memcpy(a, panel + p * high, sizeof a);
#pragma GCC unroll 12
    for (int j = 0; j < Columns; ++j) {
      const T factor = b[p * down + arma::uword(j) * across];
      sum[j][0] += a[0] * factor;
      sum[j][1] += a[1] * factor;
    }
  }
#pragma GCC unroll 12
  for (int j = 0; j < Columns; ++j) {
    T* const to = c + arma::uword(j) * stride;
    if (rows == high) {
      Vector old[2] = {};
      if (add) std::memcpy(old, to, sizeof old);
      old[0] += sum[j][0];
      old[1] += sum[j][1];
      std::memcpy(to, old, sizeof old);
    } else {
      T rest[high];
      std::memcpy(rest, sum[j], sizeof rest);
      for (arma::uword i = 0; i < rows; ++i) to[i] = add ? to[i] + rest[i] : rest[i];
    }
  }
}

// c = a b or c += a b, for c of m x n without gaps. Element (i, p) of a is at
// a[i * a_down + p * a_across], so that a transposed factor only needs other strides; b likewise.
template <class T>
DESCENT_AVX512 void gemm(const T* a, arma::uword a_down, arma::uword a_across, const T* b,
                         arma::uword b_down, arma::uword b_across, T* c, arma::uword m,
                         arma::uword n, arma::uword k, bool add) {
  constexpr arma::uword high = tile_rows<T>, deep = 256;
  alignas(64) T panel[high * deep];  // 32 KiB: a panel stays in the first cache
  for (arma::uword p = 0; p < k; p += deep)
    for (arma::uword i = 0; i < m; i += high) {
      const arma::uword depth = std::min(deep, k - p), rows = std::min(high, m - i);
      const T* const from = a + i * a_down + p * a_across;
      if (rows < high) std::memset(panel, 0, depth * high * sizeof(T));
      if (a_down == 1 && rows == high)
        for (arma::uword q = 0; q < depth; ++q)
          std::memcpy(panel + q * high, from + q * a_across, high * sizeof(T));
      else
        for (arma::uword r = 0; r < rows; ++r)
          for (arma::uword q = 0; q < depth; ++q)
            panel[q * high + r] = from[r * a_down + q * a_across];
      const auto columns = [&]<int Columns>(std::integral_constant<int, Columns>, arma::uword j) {
        for (; j + Columns <= n; j += Columns)
          tile<Columns>(panel, b + p * b_down + j * b_across, b_down, b_across, depth,
                        c + i + j * m, m, rows, add || p > 0);
        return j;
      };
      const auto after_12 = columns(std::integral_constant<int, 12>{}, 0);
      const auto after_4 = columns(std::integral_constant<int, 4>{}, after_12);
      columns(std::integral_constant<int, 1>{}, after_4);
    }
}

#undef DESCENT_AVX512

#else

template <class T>
bool gemm_pays(arma::uword) {
  return false;
}
template <class T>
void gemm(const T*, arma::uword, arma::uword, const T*, arma::uword, arma::uword, T*, arma::uword,
          arma::uword, arma::uword, bool) {}

#endif

}  // namespace descent::autograd
