// SPDX-License-Identifier: MIT
// Operations that move elements: picking an entry of each column, choosing rows and columns,
// transposing, joining.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "autograd/graph.h"
#include "autograd/kernel.h"

namespace descent::autograd {

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
