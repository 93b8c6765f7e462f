// SPDX-License-Identifier: MIT
// Matrix products: matmul and the linear layer, by BLAS, by gemm() where that is faster, or by
// plain loops where the matrices are so small that a call of either costs more than the arithmetic.
#pragma once

#include <array>

#include "autograd/gemm.h"
#include "autograd/graph.h"
#include "autograd/kernel.h"
#include "autograd/sums.h"

namespace descent::autograd {

// Multiply-adds up to which loops beat OpenBLAS in the three products of a layer taken together
// (bench/products.cc), with its kernels for AVX2 as with those for AVX-512.
inline constexpr arma::uword small_product = 32;

// A factor as the product reads it: element (i, j) is at data[i * down + j * across].
template <class T>
struct Factor {
  const arma::Mat<T>& matrix;
  bool transposed;

  const T* data() const { return matrix.memptr(); }
  arma::uword rows() const { return transposed ? matrix.n_cols : matrix.n_rows; }
  arma::uword cols() const { return transposed ? matrix.n_rows : matrix.n_cols; }
  arma::uword down() const { return transposed ? matrix.n_rows : 1; }
  arma::uword across() const { return transposed ? 1 : matrix.n_rows; }
};

template <class T>
void multiply_by_loops(const Factor<T>& a, const Factor<T>& b, arma::Mat<T>& out, bool add) {
  for (arma::uword j = 0; j < out.n_cols; ++j)
    for (arma::uword i = 0; i < out.n_rows; ++i) {
      T sum = add ? out(i, j) : T(0);
      for (arma::uword p = 0; p < a.cols(); ++p)
        sum += a.data()[i * a.down() + p * a.across()] * b.data()[p * b.down() + j * b.across()];
      out(i, j) = sum;
    }
}

// out = product, or out += product, of an expression that Armadillo hands to BLAS.
template <class T, class Product>
void assign(arma::Mat<T>& out, const Product& product, bool add) {
  if (add)
    out += product;
  else
    out = product;
}

// out = a b, or out += a b; each factor may be a transpose.
template <class T>
void multiply(const Factor<T>& a, const Factor<T>& b, arma::Mat<T>& out, bool add) {
  const arma::uword inner = a.cols();
  if (out.n_elem == 1) {
    const double product = dot(a.data(), b.data(), inner);
    out(0) = T(add ? double(out(0)) + product : product);
  } else if (out.n_elem * inner <= small_product) {
    multiply_by_loops(a, b, out, add);
  } else if (gemm_pays<T>(out.n_rows)) {
    gemm(a.data(), a.down(), a.across(), b.data(), b.down(), b.across(), out.memptr(), out.n_rows,
         out.n_cols, inner, add);
  } else if (a.transposed) {
    assign(out, a.matrix.t() * b.matrix, add);
  } else if (b.transposed) {
    assign(out, a.matrix * b.matrix.t(), add);
  } else {
    assign(out, a.matrix * b.matrix, add);
  }
}

// Working memory of multiply_long(), of the size of its result.
template <class T>
struct LongSum {
  arma::Mat<T>&part, &lost;
};

// out = a b' or out += a b' for so many columns that T cannot add up their products.
template <class T>
void multiply_long(const arma::Mat<T>& a, const arma::Mat<T>& b, arma::Mat<T>& out,
                   const LongSum<T>& sum, bool add) {
  constexpr arma::uword narrow = 64, columns = 256;
  if (!add) out.zeros();
  if (out.n_elem <= narrow) {
    for (arma::uword i = 0; i < a.n_rows; ++i)
      add_weighted_columns(b.memptr(), b.n_rows, b.n_cols, a.memptr() + i, a.n_rows,
                           out.memptr() + i, out.n_rows);
    return;
  }
  sum.lost.zeros();
  for (arma::uword first = 0; first < a.n_cols; first += columns) {
    const arma::uword n = std::min(columns, a.n_cols - first);
    const auto part = [&](const arma::Mat<T>& m) {
      return arma::Mat<T>(const_cast<T*>(m.colptr(first)), m.n_rows, n, /*copy=*/false, true);
    };
    const auto left = part(a), right = part(b);
    multiply<T>({left, false}, {right, true}, sum.part, false);
    add_compensated(sum.part.memptr(), out.memptr(), sum.lost.memptr(), out.n_elem);
  }
}

template <class T>
class Matmul final : public Operation<T> {
 public:
  Matmul(Node<T>* output, Var<T> a, Var<T> b) : output_(output), edges_{{{a.node()}, {b.node()}}} {}

  void forward() override {
    multiply<T>({edges_[0].value(), false}, {edges_[1].value(), false}, output_->value, false);
  }

  void backward() override {
    auto& [a, b] = edges_;
    if (a.wanted())
      multiply<T>({output_->gradient, false}, {b.value(), true}, a.gradient(), !a.first);
    if (b.wanted())
      multiply<T>({a.value(), true}, {output_->gradient, false}, b.gradient(), !b.first);
  }

  void forward_tangent() override {
    const auto& [a, b] = edges_;
    auto& dy = output_->tangents->value;
    if (a.wanted()) multiply<T>({a.tangent(), false}, {b.value(), false}, dy, false);
    if (b.wanted()) multiply<T>({a.value(), false}, {b.tangent(), false}, dy, a.wanted());
  }

  void backward_tangent() override {
    auto& [a, b] = edges_;
    const auto &g = output_->gradient, &dg = output_->tangents->gradient;
    if (a.wanted()) {
      multiply<T>({dg, false}, {b.value(), true}, a.gradient_tangent(), !a.first);
      if (b.wanted()) multiply<T>({g, false}, {b.tangent(), true}, a.gradient_tangent(), true);
    }
    if (b.wanted()) {
      multiply<T>({a.value(), true}, {dg, false}, b.gradient_tangent(), !b.first);
      if (a.wanted()) multiply<T>({a.tangent(), true}, {g, false}, b.gradient_tangent(), true);
    }
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
  // part, lost: of the weight's size if the sums over the columns of x are long.
  Linear(Node<T>* output, Var<T> weight, Var<T> x, Var<T> bias, Var<T> part, Var<T> lost)
      : output_(output),
        edges_{{{weight.node()}, {x.node()}, {bias.node()}}},
        long_sum_{part.value(), lost.value()} {}

  void forward() override {
    const auto& [weight, x, bias] = edges_;
    auto& y = output_->value;
    if (weight.value().n_elem == 1) {
      line(x.value().memptr(), weight.value()(0), bias.value()(0), y.memptr(), y.n_elem);
      return;
    }
    multiply<T>({weight.value(), false}, {x.value(), false}, y, false);
    add_bias(bias.value().memptr());
  }

  void backward() override {
    auto& [weight, x, bias] = edges_;
    const auto& dy = output_->gradient;
    if (weight.wanted()) pull_weight();
    if (x.wanted()) multiply<T>({weight.value(), true}, {dy, false}, x.gradient(), !x.first);
    if (bias.wanted()) pull_bias(bias);
  }

  void forward_tangent() override {
    const auto& [weight, x, bias] = edges_;
    auto& dy = output_->tangents->value;
    dy.zeros();
    if (weight.wanted()) multiply<T>({weight.tangent(), false}, {x.value(), false}, dy, true);
    if (x.wanted()) multiply<T>({weight.value(), false}, {x.tangent(), false}, dy, true);
    if (bias.wanted()) add_to_columns(bias.tangent().memptr(), dy.memptr(), dy.n_rows, dy.n_cols);
  }

  // The gradients are dW = dy x', dx = W' dy, db = dy 1.
  void backward_tangent() override {
    auto& [weight, x, bias] = edges_;
    const auto &g = output_->gradient, &dg = output_->tangents->gradient;
    if (weight.wanted()) {
      multiply<T>({dg, false}, {x.value(), true}, weight.gradient_tangent(), !weight.first);
      if (x.wanted()) multiply<T>({g, false}, {x.tangent(), true}, weight.gradient_tangent(), true);
    }
    if (x.wanted()) {
      multiply<T>({weight.value(), true}, {dg, false}, x.gradient_tangent(), !x.first);
      if (weight.wanted())
        multiply<T>({weight.tangent(), true}, {g, false}, x.gradient_tangent(), true);
    }
    if (!bias.wanted()) return;
    if (bias.first) bias.gradient_tangent().zeros();
    add_columns(dg.memptr(), bias.gradient_tangent().memptr(), dg.n_rows, dg.n_cols);
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

  void pull_weight() {
    auto& [weight, x, bias] = edges_;
    const auto& dy = output_->gradient;
    if (is_long_sum<T>(dy.n_cols) && weight.value().n_elem > 1)
      multiply_long(dy, x.value(), weight.gradient(), long_sum_, !weight.first);
    else
      multiply<T>({dy, false}, {x.value(), true}, weight.gradient(), !weight.first);
  }

  void pull_bias(const Edge<T>& bias) {
    const auto& dy = output_->gradient;
    T* const db = bias.gradient().memptr();
    if (bias.first) bias.gradient().zeros();
    if (dy.n_rows == 1)
      db[0] = T(double(db[0]) + total(dy.memptr(), dy.n_cols));
    else
      add_columns(dy.memptr(), db, dy.n_rows, dy.n_cols);
  }

  Node<T>* output_;
  std::array<Edge<T>, 3> edges_;
  LongSum<T> long_sum_;
};

}  // namespace descent::autograd
