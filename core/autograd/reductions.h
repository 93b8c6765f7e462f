// SPDX-License-Identifier: MIT
// Sums and extremes over a dimension.
#pragma once

#include <array>

#include "autograd/graph.h"
#include "autograd/kernel.h"
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

}  // namespace descent::autograd
