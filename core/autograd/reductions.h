// SPDX-License-Identifier: MIT
// Operations that mix elements: sums and extremes over a dimension, softmax over the classes (the
// rows of a column), and picking an entry per column.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "autograd/elementwise.h"

namespace descent::autograd {

// dim 0 reduces each column to one row, dim 1 each row to one column, both: everything to 1 x 1.
enum class Over { columns, rows, all };

inline Over over(arma::uword dim) {
  if (dim > 1)
    throw std::invalid_argument("a dimension is 0 (down the columns) or 1 (along the rows)");
  return dim == 0 ? Over::columns : Over::rows;
}

template <class T>
class Sum final : public Operation<T> {
 public:
  Sum(Node<T>* output, Var<T> x, Over over, T factor)
      : output_(output), edges_{{{x.node()}}}, over_(over), factor_(factor) {}

  void forward() override {
    const auto& x = edges_[0].value();
    auto& y = output_->value;
    if (over_ == Over::all) {
      y(0) = factor_ * total(x.memptr(), x.n_elem);
    } else if (over_ == Over::columns) {
      for (arma::uword j = 0; j < x.n_cols; ++j) y(j) = factor_ * total(x.colptr(j), x.n_rows);
    } else {
      y.zeros();
      for (arma::uword j = 0; j < x.n_cols; ++j)
        for (arma::uword i = 0; i < x.n_rows; ++i) y(i) += factor_ * x(i, j);
    }
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    const T* const dy = output_->gradient.memptr();
    const arma::uword down = over_ == Over::rows ? 1 : 0, across = over_ == Over::columns ? 1 : 0;
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      for (arma::uword i = 0; i < dx.n_rows; ++i) {
        const T pulled = factor_ * dy[i * down + j * across];
        dx(i, j) = edges_[0].first ? pulled : dx(i, j) + pulled;
      }
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  static T total(const T* x, arma::uword n) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (arma::uword i = 0; i < n; ++i) sum += x[i];
    return sum;
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  Over over_;
  T factor_;
};

template <class T>
Var<T> reduce(const Var<T>& x, Over over, double factor) {
  const auto rows = over == Over::rows ? x.rows() : 1, cols = over == Over::columns ? x.cols() : 1;
  return x.graph().template record<Sum<T>>(rows, cols, x.node()->differentiable, x, over,
                                           T(factor));
}

// The extreme of each column or row; the gradient goes to the first element that attains it.
template <class T, bool Largest>
class Extreme final : public Operation<T> {
 public:
  Extreme(Node<T>* output, Var<T> x, Over over)
      : output_(output), edges_{{{x.node()}}}, over_(over) {}

  void forward() override {
    for (arma::uword k = 0; k < output_->value.n_elem; ++k)
      output_->value(k) = edges_[0].value().memptr()[winner(k)];
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    if (edges_[0].first) dx.zeros();
    for (arma::uword k = 0; k < output_->value.n_elem; ++k)
      dx.memptr()[winner(k)] += output_->gradient(k);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  // A NaN wins, so that it is seen.
  arma::uword winner(arma::uword k) const {
    const auto& x = edges_[0].value();
    const bool down = over_ == Over::columns;
    const arma::uword start = down ? k * x.n_rows : k, stride = down ? 1 : x.n_rows;
    const arma::uword count = down ? x.n_rows : x.n_cols;
    arma::uword best = start;
    for (arma::uword i = 1; i < count; ++i) {
      const T candidate = x.memptr()[start + i * stride], champion = x.memptr()[best];
      const bool beats = Largest ? candidate > champion : candidate < champion;
      if (champion == champion && (beats || candidate != candidate)) best = start + i * stride;
    }
    return best;
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  Over over_;
};

template <bool Largest, class T>
Var<T> extreme(const Var<T>& x, arma::uword dim) {
  if (x.value().is_empty()) throw std::invalid_argument("min and max need at least one element");
  return x.graph().template record<Extreme<T, Largest>>(
      dim == 0 ? 1 : x.rows(), dim == 0 ? x.cols() : 1, x.node()->differentiable, x, over(dim));
}

// log sum_k exp(x_k), by the largest element (never overflows).
template <class T>
T log_sum_exp(const T* x, arma::uword n) {
  T largest = x[0];
  for (arma::uword i = 1; i < n; ++i) largest = std::max(largest, x[i]);
  if (!std::isfinite(largest)) return largest;
  T sum = 0;
  for (arma::uword i = 0; i < n; ++i) sum += std::exp(x[i] - largest);
  return largest + std::log(sum);
}

enum class SoftmaxForm { softmax, log_softmax, log_sum_exp };

// The softmax family over each column.
template <class T, SoftmaxForm Form>
class SoftmaxFamily final : public Operation<T> {
 public:
  SoftmaxFamily(Node<T>* output, Var<T> x) : output_(output), edges_{{{x.node()}}} {}

  void forward() override {
    const auto& x = edges_[0].value();
    for (arma::uword j = 0; j < x.n_cols; ++j) {
      const T* const from = x.colptr(j);
      const T whole = log_sum_exp(from, x.n_rows);
      T* const to = output_->value.colptr(j);
      if constexpr (Form == SoftmaxForm::log_sum_exp)
        *to = whole;
      else
        for (arma::uword i = 0; i < x.n_rows; ++i)
          to[i] = Form == SoftmaxForm::softmax ? std::exp(from[i] - whole) : from[i] - whole;
    }
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      pull(edges_[0].value().colptr(j), output_->value.colptr(j), output_->gradient.colptr(j),
           dx.colptr(j), dx.n_rows);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  static void pull(const T* x, const T* y, const T* dy, T* dx, arma::uword n) {
    if constexpr (Form == SoftmaxForm::log_sum_exp) {
      for (arma::uword i = 0; i < n; ++i) dx[i] += dy[0] * std::exp(x[i] - y[0]);
    } else if constexpr (Form == SoftmaxForm::softmax) {
      T along = 0;
      for (arma::uword i = 0; i < n; ++i) along += dy[i] * y[i];
      for (arma::uword i = 0; i < n; ++i) dx[i] += y[i] * (dy[i] - along);
    } else {
      T total = 0;
      for (arma::uword i = 0; i < n; ++i) total += dy[i];
      for (arma::uword i = 0; i < n; ++i) dx[i] += dy[i] - std::exp(y[i]) * total;
    }
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
};

template <SoftmaxForm Form, class T>
Var<T> softmax_family(const Var<T>& x) {
  if (x.rows() == 0) throw std::invalid_argument("softmax needs at least one row");
  const auto rows = Form == SoftmaxForm::log_sum_exp ? 1 : x.rows();
  return x.graph().template record<SoftmaxFamily<T, Form>>(rows, x.cols(), x.node()->differentiable,
                                                           x);
}

// x(classes[j], j) of each column j. The indices are read anew in every pass.
template <class T>
class Gather final : public Operation<T> {
 public:
  Gather(Node<T>* output, Var<T> x, const std::int64_t* classes)
      : output_(output), edges_{{{x.node()}}}, classes_(classes) {}

  void forward() override {
    for (arma::uword j = 0; j < output_->value.n_elem; ++j)
      output_->value(j) = edges_[0].value()(row(j), j);
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j) dx(row(j), j) += output_->gradient(j);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  arma::uword row(arma::uword j) const {
    const auto picked = classes_[j];
    if (picked < 0 || picked >= std::int64_t(edges_[0].value().n_rows))
      throw std::invalid_argument("class " + std::to_string(picked) + " is outside 0 .. " +
                                  std::to_string(edges_[0].value().n_rows - 1));
    return arma::uword(picked);
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  const std::int64_t* classes_;
};

}  // namespace descent::autograd
