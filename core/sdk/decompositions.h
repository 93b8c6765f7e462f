// SPDX-License-Identifier: MIT
// Decompositions of matrices by LAPACK in memory of the caller's, which a step has from
// Step::scratch; Armadillo's own would allocate in every call.
#pragma once

#include <armadillo>
#include <stdexcept>

namespace descent {

// Elements of memory that eigenvectors() works in; the first n are the eigenvalues, rising.
inline arma::uword eigen_memory(arma::uword n) { return 4 * n; }

// Replaces a symmetric n x n matrix by its eigenvectors, a column each.
template <class T>
void eigenvectors(arma::Mat<T>& a, T* memory) {
  char with_vectors = 'V', upper = 'U';
  auto n = arma::blas_int(a.n_rows), work = 3 * n, info = arma::blas_int(0);
  arma::lapack::syev(&with_vectors, &upper, &n, a.memptr(), &n, memory, memory + n, &work, &info);
  if (info != 0) throw std::runtime_error("a symmetric matrix has no eigenvectors; is it finite?");
}

// Elements of memory that orthonormalize() works in.
inline arma::uword qr_memory(arma::uword n) { return 2 * n; }

// Replaces a square matrix by Q of its decomposition Q R.
template <class T>
void orthonormalize(arma::Mat<T>& a, T* memory) {
  auto n = arma::blas_int(a.n_rows), info = arma::blas_int(0);
  arma::lapack::geqrf(&n, &n, a.memptr(), &n, memory, memory + n, &n, &info);
  if (info == 0) arma::lapack::orgqr(&n, &n, &n, a.memptr(), &n, memory, memory + n, &n, &info);
  if (info != 0) throw std::runtime_error("a matrix has no decomposition QR");
}

// b = a^-1 b of a symmetric positive definite a, which is overwritten; false when it is none.
template <class T>
bool solve_symmetric(arma::Mat<T>& a, arma::Col<T>& b) {
  char lower = 'L';
  auto n = arma::blas_int(a.n_rows), one = arma::blas_int(1), info = arma::blas_int(0);
  arma::lapack::potrf(&lower, &n, a.memptr(), &n, &info);
  if (info != 0) return false;
  arma::lapack::potrs(&lower, &n, &one, a.memptr(), &n, b.memptr(), &n, &info);
  return info == 0;
}

}  // namespace descent
