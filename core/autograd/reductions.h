// SPDX-License-Identifier: MIT
// Operations that mix elements: sums and extremes over a dimension, softmax over the classes (the
// rows of a column), picking an entry per column, choosing rows and columns, transposing, joining.
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

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
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

  void pull(const arma::Mat<T>& gradient, arma::Mat<T>& dx) const {
    const T* const dy = gradient.memptr();
    const arma::uword down = over_ == Over::rows ? 1 : 0, across = over_ == Over::columns ? 1 : 0;
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      for (arma::uword i = 0; i < dx.n_rows; ++i) {
        const T pulled = factor_ * dy[i * down + j * across];
        dx(i, j) = edges_[0].first ? pulled : dx(i, j) + pulled;
      }
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

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x as long as the winners stay, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
    for (arma::uword k = 0; k < y.n_elem; ++k) y(k) = x.memptr()[winner(k)];
  }

  void pull(const arma::Mat<T>& dy, arma::Mat<T>& dx) const {
    if (edges_[0].first) dx.zeros();
    for (arma::uword k = 0; k < dy.n_elem; ++k) dx.memptr()[winner(k)] += dy(k);
  }

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

  void forward_tangent() override {
    const auto& dx = edges_[0].tangent();
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      push(exps_.colptr(j), T(1) + rest_[j], dx.colptr(j), output_->tangents->value.colptr(j),
           dx.n_rows);
  }

  void backward_tangent() override {
    auto& out = edges_[0].gradient_tangent();
    if (edges_[0].first) out.zeros();
    for (arma::uword j = 0; j < out.n_cols; ++j) pull_tangent(j, out.colptr(j));
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

  // With p the softmax and m the mean of dx under p: p (dx - m), dx - m, or m.
  static void push(const T* exps, T whole, const T* dx, T* dy, arma::uword n) {
    T mean = 0;
    for (arma::uword i = 0; i < n; ++i) mean += exps[i] / whole * dx[i];
    if constexpr (Form == SoftmaxForm::log_sum_exp) {
      dy[0] = mean;
    } else {
      for (arma::uword i = 0; i < n; ++i)
        dy[i] = (Form == SoftmaxForm::softmax ? exps[i] / whole : T(1)) * (dx[i] - mean);
    }
  }

  // The derivative of what pull() adds, along the tangents of x and dy; dp = p (dx - m).
  void pull_tangent(arma::uword j, T* out) const {
    const arma::uword n = exps_.n_rows;
    const T *const exps = exps_.colptr(j), *const dx = edges_[0].tangent().colptr(j);
    const T *const g = output_->gradient.colptr(j), *const dg =
                                                        output_->tangents->gradient.colptr(j);
    const T whole = T(1) + rest_[j];
    T mean = 0, along = 0, change = 0, all = 0, all_change = 0;
    for (arma::uword i = 0; i < n; ++i) mean += exps[i] / whole * dx[i];
    if constexpr (Form != SoftmaxForm::log_sum_exp)
      for (arma::uword i = 0; i < n; ++i) {
        const T p = exps[i] / whole, dp = p * (dx[i] - mean);
        along += g[i] * p;
        change += dg[i] * p + g[i] * dp;
        all += g[i];
        all_change += dg[i];
      }
    for (arma::uword i = 0; i < n; ++i) {
      const T p = exps[i] / whole, dp = p * (dx[i] - mean);
      if constexpr (Form == SoftmaxForm::log_sum_exp)
        out[i] += dg[0] * p + g[0] * dp;
      else if constexpr (Form == SoftmaxForm::softmax)
        out[i] += dp * (g[i] - along) + p * (dg[i] - change);
      else
        out[i] += dg[i] - dp * all - p * all_change;
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

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
    for (arma::uword j = 0; j < y.n_elem; ++j) y(j) = x(row(j), j);
  }

  void pull(const arma::Mat<T>& dy, arma::Mat<T>& dx) const {
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j) dx(row(j), j) += dy(j);
  }

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

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
    for (arma::uword j = 0; j < y.n_cols; ++j)
      std::copy_n(x.colptr(j) + first_, y.n_rows, y.colptr(j));
  }

  void pull(const arma::Mat<T>& dy, arma::Mat<T>& dx) const {
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dy.n_cols; ++j) add(dy.colptr(j), dx.colptr(j) + first_, dy.n_rows);
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  arma::uword first_;
};

template <class T>
class Transpose final : public Operation<T> {
 public:
  Transpose(Node<T>* output, Var<T> x) : output_(output), edges_{{{x.node()}}} {}

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
    for (arma::uword j = 0; j < x.n_cols; ++j)
      for (arma::uword i = 0; i < x.n_rows; ++i) y(j, i) = x(i, j);
  }

  void pull(const arma::Mat<T>& dy, arma::Mat<T>& dx) const {
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j)
      for (arma::uword i = 0; i < dx.n_rows; ++i) dx(i, j) += dy(j, i);
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
};

// The columns at these positions, in this order; one may come twice. The positions are read again
// in every pass.
template <class T>
class Columns final : public Operation<T> {
 public:
  Columns(Node<T>* output, Var<T> x, const arma::uword* positions)
      : output_(output), edges_{{{x.node()}}}, positions_(positions) {}

  void forward() override { apply(edges_[0].value(), output_->value); }
  void backward() override { pull(output_->gradient, edges_[0].gradient()); }

  // Linear in x, so tangents take the same way.
  void forward_tangent() override { apply(edges_[0].tangent(), output_->tangents->value); }
  void backward_tangent() override {
    pull(output_->tangents->gradient, edges_[0].gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  void apply(const arma::Mat<T>& x, arma::Mat<T>& y) const {
    for (arma::uword j = 0; j < y.n_cols; ++j) std::copy_n(x.colptr(at(j)), y.n_rows, y.colptr(j));
  }

  void pull(const arma::Mat<T>& dy, arma::Mat<T>& dx) const {
    if (edges_[0].first) dx.zeros();
    for (arma::uword j = 0; j < dy.n_cols; ++j) add(dy.colptr(j), dx.colptr(at(j)), dy.n_rows);
  }

  arma::uword at(arma::uword j) const {
    const auto last = edges_[0].value().n_cols;
    if (positions_[j] >= last)
      throw std::invalid_argument("column " + std::to_string(positions_[j]) + " of " +
                                  std::to_string(last));
    return positions_[j];
  }

  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  const arma::uword* positions_;
};

// Two matrices of as many columns, one above the other.
template <class T>
class JoinColumns final : public Operation<T> {
 public:
  JoinColumns(Node<T>* output, Var<T> above, Var<T> below)
      : output_(output), edges_{{{above.node()}, {below.node()}}} {}

  void forward() override {
    put(edges_[0].value(), 0, output_->value);
    put(edges_[1].value(), edges_[0].value().n_rows, output_->value);
  }

  void backward() override {
    for (auto& edge : edges_)
      if (edge.wanted()) take(output_->gradient, start(edge), edge.first, edge.gradient());
  }

  void forward_tangent() override {
    output_->tangents->value.zeros();
    for (auto& edge : edges_)
      if (edge.wanted()) put(edge.tangent(), start(edge), output_->tangents->value);
  }

  void backward_tangent() override {
    for (auto& edge : edges_)
      if (edge.wanted())
        take(output_->tangents->gradient, start(edge), edge.first, edge.gradient_tangent());
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  arma::uword start(const Edge<T>& edge) const {
    return &edge == &edges_[0] ? 0 : edges_[0].value().n_rows;
  }

  static void put(const arma::Mat<T>& x, arma::uword start, arma::Mat<T>& y) {
    for (arma::uword j = 0; j < x.n_cols; ++j)
      std::copy_n(x.colptr(j), x.n_rows, y.colptr(j) + start);
  }

  static void take(const arma::Mat<T>& dy, arma::uword start, bool first, arma::Mat<T>& dx) {
    if (first) dx.zeros();
    for (arma::uword j = 0; j < dx.n_cols; ++j) add(dy.colptr(j) + start, dx.colptr(j), dx.n_rows);
  }

  Node<T>* output_;
  std::array<Edge<T>, 2> edges_;
};

}  // namespace descent::autograd
