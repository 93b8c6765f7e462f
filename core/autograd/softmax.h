// SPDX-License-Identifier: MIT
// Softmax and its logarithms over the classes (the rows of a column).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "autograd/graph.h"
#include "autograd/kernel.h"
#include "autograd/sums.h"

namespace descent::autograd {

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

}  // namespace descent::autograd
