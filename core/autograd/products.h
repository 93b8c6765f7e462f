// SPDX-License-Identifier: MIT
// Matrix products: matmul and the linear layer, by BLAS, or by plain loops where the matrices are
// so small that a call of BLAS costs more than the arithmetic.
#pragma once

#include <array>

#include "autograd/elementwise.h"

namespace descent::autograd {

// Multiply-adds up to which loops beat OpenBLAS in the three products of a layer taken together
// (bench/products.cc), with its kernels for AVX2 as with those for AVX-512.
inline constexpr arma::uword small_product = 32;

template <class T>
bool is_small(const arma::Mat<T>& c, arma::uword inner) {
  return c.n_elem * inner <= small_product;
}

// out = a b, or out += a b.
template <class T>
void multiply(const arma::Mat<T>& a, const arma::Mat<T>& b, arma::Mat<T>& out, bool add) {
  if (!is_small(out, a.n_cols)) {
    if (add)
      out += a * b;
    else
      out = a * b;
    return;
  }
  for (arma::uword j = 0; j < out.n_cols; ++j)
    for (arma::uword i = 0; i < out.n_rows; ++i) {
      T sum = add ? out(i, j) : T(0);
      for (arma::uword p = 0; p < a.n_cols; ++p) sum += a(i, p) * b(p, j);
      out(i, j) = sum;
    }
}

// out (+)= a b'.
template <class T>
void multiply_transposed(const arma::Mat<T>& a, const arma::Mat<T>& b, arma::Mat<T>& out,
                         bool add) {
  if (a.n_rows == 1 && b.n_rows == 1) {
    const T product = dot(a.memptr(), b.memptr(), a.n_elem);
    out(0) = add ? out(0) + product : product;
  } else if (!is_small(out, a.n_cols)) {
    if (add)
      out += a * b.t();
    else
      out = a * b.t();
  } else {
    for (arma::uword j = 0; j < out.n_cols; ++j)
      for (arma::uword i = 0; i < out.n_rows; ++i) {
        T sum = add ? out(i, j) : T(0);
        for (arma::uword p = 0; p < a.n_cols; ++p) sum += a(i, p) * b(j, p);
        out(i, j) = sum;
      }
  }
}

// out (+)= a' b.
template <class T>
void transposed_multiply(const arma::Mat<T>& a, const arma::Mat<T>& b, arma::Mat<T>& out,
                         bool add) {
  if (!is_small(out, a.n_rows)) {
    if (add)
      out += a.t() * b;
    else
      out = a.t() * b;
    return;
  }
  for (arma::uword j = 0; j < out.n_cols; ++j)
    for (arma::uword i = 0; i < out.n_rows; ++i) {
      T sum = add ? out(i, j) : T(0);
      for (arma::uword p = 0; p < a.n_rows; ++p) sum += a(p, i) * b(p, j);
      out(i, j) = sum;
    }
}

template <class T>
class Matmul final : public Operation<T> {
 public:
  Matmul(Node<T>* output, Var<T> a, Var<T> b) : output_(output), edges_{{{a.node()}, {b.node()}}} {}

  void forward() override { multiply(edges_[0].value(), edges_[1].value(), output_->value, false); }

  void backward() override {
    auto& [a, b] = edges_;
    if (a.wanted()) multiply_transposed(output_->gradient, b.value(), a.gradient(), !a.first);
    if (b.wanted()) transposed_multiply(a.value(), output_->gradient, b.gradient(), !b.first);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  Node<T>* output_;
  std::array<Edge<T>, 2> edges_;
};

// y = W x + b 1': x is d x n (samples are columns), W k x d, b k x 1.
template <class T>
class Linear final : public Operation<T> {
 public:
  Linear(Node<T>* output, Var<T> weight, Var<T> x, Var<T> bias)
      : output_(output), edges_{{{weight.node()}, {x.node()}, {bias.node()}}} {}

  void forward() override {
    const auto& [weight, x, bias] = edges_;
    auto& y = output_->value;
    if (weight.value().n_elem == 1) {
      line(x.value().memptr(), weight.value()(0), bias.value()(0), y.memptr(), y.n_elem);
      return;
    }
    multiply(weight.value(), x.value(), y, false);
    add_bias(bias.value().memptr());
  }

  void backward() override {
    auto& [weight, x, bias] = edges_;
    const auto& dy = output_->gradient;
    if (weight.wanted()) multiply_transposed(dy, x.value(), weight.gradient(), !weight.first);
    if (x.wanted()) transposed_multiply(weight.value(), dy, x.gradient(), !x.first);
    if (bias.wanted()) pull_bias(bias);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  static DESCENT_KERNEL void line(const T* x, T weight, T bias, T* y, arma::uword n) {
#pragma omp simd
    for (arma::uword j = 0; j < n; ++j) y[j] = weight * x[j] + bias;
  }

  void add_bias(const T* bias) {
    auto& y = output_->value;
    if (y.n_rows == 1) {
      y += bias[0];
      return;
    }
    add_to_columns(bias, y.memptr(), y.n_rows, y.n_cols);
  }

  static DESCENT_KERNEL void add_to_columns(const T* bias, T* y, arma::uword rows,
                                            arma::uword cols) {
    for (arma::uword j = 0; j < cols; ++j)
#pragma omp simd
      for (arma::uword i = 0; i < rows; ++i) y[i + j * rows] += bias[i];
  }

  void pull_bias(const Edge<T>& bias) {
    const auto& dy = output_->gradient;
    T* const db = bias.gradient().memptr();
    if (bias.first) bias.gradient().zeros();
    if (dy.n_rows == 1)
      db[0] += total(dy.memptr(), dy.n_cols);
    else
      add_columns(dy.memptr(), db, dy.n_rows, dy.n_cols);
  }

  static DESCENT_KERNEL void add_columns(const T* dy, T* db, arma::uword rows, arma::uword cols) {
    for (arma::uword j = 0; j < cols; ++j)
#pragma omp simd
      for (arma::uword i = 0; i < rows; ++i) db[i] += dy[i + j * rows];
  }

  Node<T>* output_;
  std::array<Edge<T>, 3> edges_;
};

}  // namespace descent::autograd
