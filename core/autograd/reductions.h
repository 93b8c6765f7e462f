// SPDX-License-Identifier: MIT
// Operations that mix elements: sums and extremes over a dimension, softmax over the classes (the
// rows of a column), picking an entry per column, and cutting out rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "autograd/elementwise.h"
#include "autograd/sums.h"

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
      y(0) = T(double(factor_) * total(x.memptr(), x.n_elem));
    } else if (over_ == Over::columns) {
      for (arma::uword j = 0; j < x.n_cols; ++j)
        y(j) = T(double(factor_) * total(x.colptr(j), x.n_rows));
    } else {
      y.zeros();
      add_columns(x.memptr(), y.memptr(), x.n_rows, x.n_cols);
      y *= factor_;
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

enum class SoftmaxForm { softmax, log_softmax, log_sum_exp };

// Softmax, log-softmax or log-sum-exp of each column, by its largest m, so that nothing overflows:
// sum_k exp(x_k) = exp(m) (1 + r), where r adds up exp(x_k - m) over all others. By log1p(r) no
// digits are lost where one class is nearly certain.
template <class T, SoftmaxForm Form>
class SoftmaxFamily final : public Operation<T> {
 public:
  // Working memory: shifted and exps are of the shape of x, rest and log_rest one row.
  SoftmaxFamily(Node<T>* output, Var<T> x, Var<T> shifted, Var<T> exps, Var<T> rest,
                Var<T> log_rest)
      : output_(output),
        edges_{{{x.node()}}},
        shifted_(shifted.value()),
        exps_(exps.value()),
        rest_(rest.value()),
        log_rest_(log_rest.value()) {}

  void forward() override {
    const auto& x = edges_[0].value();
    for (arma::uword j = 0; j < x.n_cols; ++j)
      shift(x.colptr(j), largest(x.colptr(j), x.n_rows), shifted_.colptr(j), x.n_rows);
    map<false>([](T s) { return std::exp(s); }, exps_.memptr(), exps_.n_elem, shifted_.memptr());
    for (arma::uword j = 0; j < x.n_cols; ++j)
      rest_[j] = sum_of_others(shifted_.colptr(j), exps_.colptr(j), x.n_rows);
    map<false>([](T r) { return std::log1p(r); }, log_rest_.memptr(), rest_.n_elem, rest_.memptr());
    for (arma::uword j = 0; j < x.n_cols; ++j) write(j);
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      pull(exps_.colptr(j), T(1) + rest_[j], output_->value.colptr(j), output_->gradient.colptr(j),
           dx.colptr(j), dx.n_rows);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  // NaN if the first element is, which then is carried along.
  static T largest(const T* x, arma::uword n) {
    T m = x[0];
    for (arma::uword i = 1; i < n; ++i) m = std::max(m, x[i]);
    return m;
  }

  static void shift(const T* x, T m, T* shifted, arma::uword n) {
    if (Form == SoftmaxForm::log_sum_exp && std::isinf(m)) m = 0;  // the sum is 0 or infinite
    for (arma::uword i = 0; i < n; ++i) shifted[i] = x[i] - m;
  }

  // The first element at 0 is the largest itself.
  static T sum_of_others(const T* shifted, const T* exps, arma::uword n) {
    T sum = 0;
    bool met = false;
    for (arma::uword i = 0; i < n; ++i) {
      if (met || shifted[i] != 0)
        sum += exps[i];
      else
        met = true;
    }
    return sum;
  }

  void write(arma::uword j) {
    const arma::uword k = exps_.n_rows;
    T* const y = output_->value.colptr(j);
    if constexpr (Form == SoftmaxForm::log_sum_exp) {
      const T m = largest(edges_[0].value().colptr(j), k);
      *y = std::isinf(m) ? m : m + log_rest_[j];
    } else if constexpr (Form == SoftmaxForm::softmax) {
      for (arma::uword i = 0; i < k; ++i) y[i] = exps_(i, j) / (T(1) + rest_[j]);
    } else {
      for (arma::uword i = 0; i < k; ++i) y[i] = shifted_(i, j) - log_rest_[j];
    }
  }

  static void pull(const T* exps, T whole, const T* y, const T* dy, T* dx, arma::uword n) {
    if constexpr (Form == SoftmaxForm::log_sum_exp) {
      for (arma::uword i = 0; i < n; ++i) dx[i] += dy[0] * exps[i] / whole;
    } else if constexpr (Form == SoftmaxForm::softmax) {
      T along = 0;
      for (arma::uword i = 0; i < n; ++i) along += dy[i] * y[i];
      for (arma::uword i = 0; i < n; ++i) dx[i] += y[i] * (dy[i] - along);
    } else {
      T all = 0;
      for (arma::uword i = 0; i < n; ++i) all += dy[i];
      for (arma::uword i = 0; i < n; ++i) dx[i] += dy[i] - exps[i] * (all / whole);
    }
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  arma::Mat<T>&shifted_, &exps_, &rest_, &log_rest_;
};

template <SoftmaxForm Form, class T>
Var<T> softmax_family(const Var<T>& x) {
  if (x.rows() == 0) throw std::invalid_argument("softmax needs at least one row");
  auto& graph = x.graph();
  const auto rows = Form == SoftmaxForm::log_sum_exp ? 1 : x.rows();
  return graph.template record<SoftmaxFamily<T, Form>>(
      rows, x.cols(), x.node()->differentiable, x, graph.constant(x.rows(), x.cols()),
      graph.constant(x.rows(), x.cols()), graph.constant(1, x.cols()), graph.constant(1, x.cols()));
}

// x(classes[j], j) of each column j. The indices are read again in every pass.
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

// As many consecutive rows as the output has, from the first on.
template <class T>
class Rows final : public Operation<T> {
 public:
  Rows(Node<T>* output, Var<T> x, arma::uword first)
      : output_(output), edges_{{{x.node()}}}, first_(first) {}

  void forward() override {
    auto& y = output_->value;
    for (arma::uword j = 0; j < y.n_cols; ++j)
      std::copy_n(edges_[0].value().colptr(j) + first_, y.n_rows, y.colptr(j));
  }

  void backward() override {
    auto& dx = edges_[0].gradient();
    const auto& dy = output_->gradient;
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dy.n_cols; ++j) add(dy.colptr(j), dx.colptr(j) + first_, dy.n_rows);
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  arma::uword first_;
};

}  // namespace descent::autograd
