// SPDX-License-Identifier: MIT
// The differentiable operations. Names and dimensions are Armadillo's: dimension 0 runs down the
// columns, 1 along the rows; samples are columns, so classes are rows. Wrong shapes throw
// std::invalid_argument when the operation is recorded.
#pragma once

#include <span>

#include "autograd/instances.h"

namespace descent {

// Arithmetic with broadcasting: operands of one row or column are repeated.
template <class T>
Var<T> operator+(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("+", autograd::Add{}, a, b);
}
template <class T>
Var<T> operator-(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("-", autograd::Subtract{}, a, b);
}
template <class T>
Var<T> operator*(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("*", autograd::Multiply{}, a, b);
}
template <class T>
Var<T> operator/(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("/", autograd::Divide{}, a, b);
}

template <class T>
Var<T> operator+(const Var<T>& x, double c) {
  return autograd::unary(x, autograd::Affine{1, c});
}
template <class T>
Var<T> operator+(double c, const Var<T>& x) {
  return x + c;
}
template <class T>
Var<T> operator-(const Var<T>& x, double c) {
  return x + -c;
}
template <class T>
Var<T> operator-(double c, const Var<T>& x) {
  return autograd::unary(x, autograd::Affine{-1, c});
}
template <class T>
Var<T> operator*(const Var<T>& x, double c) {
  return autograd::unary(x, autograd::Affine{c, 0});
}
template <class T>
Var<T> operator*(double c, const Var<T>& x) {
  return x * c;
}
template <class T>
Var<T> operator/(const Var<T>& x, double c) {
  return x * (1 / c);
}
template <class T>
Var<T> operator/(double c, const Var<T>& x) {
  return autograd::unary(x, autograd::Reciprocal{c});
}
template <class T>
Var<T> operator-(const Var<T>& x) {
  return x * -1.0;
}

template <class T>
Var<T> exp(const Var<T>& x) {
  return autograd::unary(x, autograd::Exp{});
}
template <class T>
Var<T> log(const Var<T>& x) {
  return autograd::unary(x, autograd::Log{});
}
template <class T>
Var<T> log1p(const Var<T>& x) {
  return autograd::unary(x, autograd::Log1p{});
}
template <class T>
Var<T> sqrt(const Var<T>& x) {
  return autograd::unary(x, autograd::Sqrt{});
}
template <class T>
Var<T> square(const Var<T>& x) {
  return autograd::unary(x, autograd::Square{});
}
template <class T>
Var<T> pow(const Var<T>& x, double exponent) {
  return autograd::unary(x, autograd::Pow{exponent});
}
template <class T>
Var<T> abs(const Var<T>& x) {
  return autograd::unary(x, autograd::Abs{});
}  // slope 0 at 0
template <class T>
Var<T> sign(const Var<T>& x) {
  return autograd::unary(x, autograd::Sign{});
}
template <class T>
Var<T> clamp(const Var<T>& x, double low, double high) {
  return autograd::unary(x, autograd::Clamp{low, high});
}

// Activations.
template <class T>
Var<T> relu(const Var<T>& x) {
  return autograd::unary(x, autograd::LeakyRelu{0});
}  // slope 0 at 0
template <class T>
Var<T> leaky_relu(const Var<T>& x, double slope = 0.01) {
  return autograd::unary(x, autograd::LeakyRelu{slope});
}
template <class T>
Var<T> elu(const Var<T>& x, double alpha = 1) {
  return autograd::unary(x, autograd::Elu{alpha});
}
template <class T>
Var<T> gelu(const Var<T>& x) {
  return autograd::unary(x, autograd::Gelu{});
}
template <class T>
Var<T> tanh(const Var<T>& x) {
  return autograd::unary(x, autograd::Tanh{});
}
template <class T>
Var<T> sigmoid(const Var<T>& x) {
  return autograd::unary(x, autograd::Sigmoid{});
}
template <class T>
Var<T> softplus(const Var<T>& x) {
  return autograd::unary(x, autograd::Softplus{});
}

// Over the rows of each column, that is over the classes of each sample.
template <class T>
Var<T> softmax(const Var<T>& x) {
  return autograd::softmax_family<autograd::SoftmaxForm::softmax>(x);
}
template <class T>
Var<T> log_softmax(const Var<T>& x) {
  return autograd::softmax_family<autograd::SoftmaxForm::log_softmax>(x);
}
template <class T>
Var<T> logsumexp(const Var<T>& x) {
  return autograd::softmax_family<autograd::SoftmaxForm::log_sum_exp>(x);
}

// Sums and means of everything (1 x 1), or over a dimension.
template <class T>
Var<T> sum(const Var<T>& x) {
  return autograd::reduce(x, autograd::Over::all, 1);
}
template <class T>
Var<T> sum(const Var<T>& x, arma::uword dim) {
  return autograd::reduce(x, autograd::over(dim), 1);
}
template <class T>
Var<T> mean(const Var<T>& x) {
  return autograd::reduce(x, autograd::Over::all, 1.0 / double(x.value().n_elem));
}
template <class T>
Var<T> mean(const Var<T>& x, arma::uword dim) {
  return autograd::reduce(x, autograd::over(dim), 1.0 / double(dim == 0 ? x.rows() : x.cols()));
}

// Extremes: of two operands element by element, or over a dimension.
template <class T>
Var<T> min(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("min", autograd::Min{}, a, b);
}
template <class T>
Var<T> max(const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("max", autograd::Max{}, a, b);
}
template <class T>
Var<T> min(const Var<T>& x, arma::uword dim) {
  return autograd::extreme<false>(x, dim);
}
template <class T>
Var<T> max(const Var<T>& x, arma::uword dim) {
  return autograd::extreme<true>(x, dim);
}

// a where the condition is not 0, else b.
template <class T>
Var<T> where(const Var<T>& condition, const Var<T>& a, const Var<T>& b) {
  return autograd::broadcast("where", autograd::Where{}, condition, a, b);
}

// 1 x n: the entry of each column j in row classes[j]. The indices must outlive the graph; one
// outside the rows throws std::invalid_argument in forward().
template <class T>
Var<T> gather(const Var<T>& x, const std::int64_t* classes) {
  return x.graph().template record<autograd::Gather<T>>(1, x.cols(), x.node()->differentiable, x,
                                                        classes);
}

// Rows first .. last, both included.
template <class T>
Var<T> rows(const Var<T>& x, arma::uword first, arma::uword last) {
  if (first > last || last >= x.rows())
    throw std::invalid_argument("rows " + std::to_string(first) + " to " + std::to_string(last) +
                                " of " + autograd::shape(x.value()));
  return x.graph().template record<autograd::Rows<T>>(last - first + 1, x.cols(),
                                                      x.node()->differentiable, x, first);
}

// The columns at so many positions, in their order; one may come twice. The positions must outlive
// the graph; one outside the columns throws std::invalid_argument in forward().
template <class T>
Var<T> columns(const Var<T>& x, std::span<const arma::uword> positions) {
  return x.graph().template record<autograd::Columns<T>>(
      x.rows(), positions.size(), x.node()->differentiable, x, positions.data());
}

template <class T>
Var<T> transpose(const Var<T>& x) {
  return x.graph().template record<autograd::Transpose<T>>(x.cols(), x.rows(),
                                                           x.node()->differentiable, x);
}

// One above the other, and one next to the other.
template <class T>
Var<T> join_cols(const Var<T>& above, const Var<T>& below) {
  if (above.cols() != below.cols())
    throw std::invalid_argument("join_cols: " + autograd::shape(above.value()) + " above " +
                                autograd::shape(below.value()));
  return above.graph().template record<autograd::JoinColumns<T>>(
      above.rows() + below.rows(), above.cols(),
      above.node()->differentiable || below.node()->differentiable, above, below);
}
template <class T>
Var<T> join_rows(const Var<T>& left, const Var<T>& right) {
  if (left.rows() != right.rows())
    throw std::invalid_argument("join_rows: " + autograd::shape(left.value()) + " next to " +
                                autograd::shape(right.value()));
  return transpose(join_cols(transpose(left), transpose(right)));
}

template <class T>
Var<T> matmul(const Var<T>& a, const Var<T>& b) {
  if (a.cols() != b.rows())
    throw std::invalid_argument("matmul: " + autograd::shape(a.value()) + " times " +
                                autograd::shape(b.value()));
  return a.graph().template record<autograd::Matmul<T>>(
      a.rows(), b.cols(), a.node()->differentiable || b.node()->differentiable, a, b);
}

// weight x + bias: x d x n, weight k x d, bias k x 1; gives k x n.
template <class T>
Var<T> linear(const Var<T>& weight, const Var<T>& x, const Var<T>& bias) {
  if (weight.cols() != x.rows() || bias.rows() != weight.rows() || bias.cols() != 1)
    throw std::invalid_argument("linear: weight " + autograd::shape(weight.value()) + ", input " +
                                autograd::shape(x.value()) + ", bias " +
                                autograd::shape(bias.value()));
  const bool differentiable =
      weight.node()->differentiable || x.node()->differentiable || bias.node()->differentiable;
  const bool is_long = autograd::is_long_sum<T>(x.cols()) && weight.node()->differentiable;
  const auto scratch = [&] {
    return x.graph().constant(is_long ? weight.rows() : 0, is_long ? weight.cols() : 0);
  };
  return x.graph().template record<autograd::Linear<T>>(weight.rows(), x.cols(), differentiable,
                                                        weight, x, bias, scratch(), scratch());
}

}  // namespace descent
