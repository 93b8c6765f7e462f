// SPDX-License-Identifier: MIT
// Operations that act element by element on two or three operands, with broadcasting.
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "autograd/graph.h"
#include "autograd/kernel.h"

namespace descent::autograd {

// Operand I of F: value(a, b, ...) and slope<I>(a, b, ..., y) give the function and its partial
// derivatives, curvature<I, J>(a, b, ..., y) the second ones. An operand of one row (column) is
// repeated along the output's rows (columns), and its gradient is the sum over the repetitions.
template <class T, class F, std::size_t Operands>
class Broadcast final : public Operation<T> {
 public:
  Broadcast(Node<T>* output, const std::array<Var<T>, Operands>& operands, F f)
      : output_(output), f_(f) {
    for (std::size_t k = 0; k < Operands; ++k) {
      edges_[k].node = operands[k].node();
      const auto& m = operands[k].value();
      row_[k] = m.n_rows == 1 && output->value.n_rows != 1 ? 0 : 1;
      col_[k] = m.n_cols == 1 && output->value.n_cols != 1 ? 0 : m.n_rows;
      flat_ = flat_ && m.n_elem == output->value.n_elem;
    }
  }

  void forward() override { forward(all); }
  void backward() override { backward(all); }
  void forward_tangent() override { forward_tangent(all); }
  void backward_tangent() override { backward_tangent(all); }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  static constexpr std::make_index_sequence<Operands> all{};

  template <std::size_t... K>
  void forward(std::index_sequence<K...>) {
    auto& y = output_->value;
    const F f = f_;
    const auto value = [f](auto... x) { return f.value(x...); };
    if (flat_) return map<false>(value, y.memptr(), y.n_elem, edges_[K].value().memptr()...);
    for (arma::uword j = 0; j < y.n_cols; ++j)
      for (arma::uword i = 0; i < y.n_rows; ++i) y(i, j) = f.value(operand<K>(i, j)...);
  }

  template <std::size_t... K>
  void backward(std::index_sequence<K...> operands) {
    (pull<K>(operands), ...);
  }

  // The gradient of operand I.
  template <std::size_t I, std::size_t... K>
  void pull(std::index_sequence<K...>) {
    if (!edges_[I].wanted()) return;
    auto& dx = edges_[I].gradient();
    if (edges_[I].first) dx.zeros();
    const auto &y = output_->value, &dy = output_->gradient;
    const F f = f_;
    if (flat_)
      return map<true>([f](T d, T out, auto... x) { return d * f.template slope<I>(x..., out); },
                       dx.memptr(), y.n_elem, dy.memptr(), y.memptr(),
                       edges_[K].value().memptr()...);
    for (arma::uword j = 0; j < y.n_cols; ++j)
      for (arma::uword i = 0; i < y.n_rows; ++i)
        dx.memptr()[i * row_[I] + j * col_[I]] +=
            dy(i, j) * f.template slope<I>(operand<K>(i, j)..., y(i, j));
  }

  template <std::size_t... K>
  void forward_tangent(std::index_sequence<K...>) {
    const auto& y = output_->value;
    auto& dy = output_->tangents->value;
    for (arma::uword j = 0; j < y.n_cols; ++j)
      for (arma::uword i = 0; i < y.n_rows; ++i)
        dy(i, j) = ((edges_[K].wanted()
                         ? f_.template slope<K>(operand<K>(i, j)..., y(i, j)) * tangent<K>(i, j)
                         : T(0)) +
                    ...);
  }

  template <std::size_t... K>
  void backward_tangent(std::index_sequence<K...> operands) {
    if constexpr (requires(T x) { f_.template curvature<0, 0>(((void)K, x)..., x); })
      (pull_tangent<K>(operands), ...);
    else
      Operation<T>::backward_tangent();
  }

  template <std::size_t I, std::size_t... K>
  void pull_tangent(std::index_sequence<K...> operands) {
    if (!edges_[I].wanted()) return;
    auto& out = edges_[I].gradient_tangent();
    if (edges_[I].first) out.zeros();
    const auto &y = output_->value, &g = output_->gradient, &dg = output_->tangents->gradient;
    for (arma::uword j = 0; j < y.n_cols; ++j)
      for (arma::uword i = 0; i < y.n_rows; ++i)
        out.memptr()[i * row_[I] + j * col_[I]] +=
            dg(i, j) * f_.template slope<I>(operand<K>(i, j)..., y(i, j)) +
            g(i, j) * bend<I>(i, j, operands);
  }

  // The derivative of slope<I> along the tangents.
  template <std::size_t I, std::size_t... J>
  T bend(arma::uword i, arma::uword j, std::index_sequence<J...>) const {
    const T y = output_->value(i, j);
    return ((edges_[J].wanted() ? curved<I, J>(i, j, y, all) * tangent<J>(i, j) : T(0)) + ...);
  }
  template <std::size_t I, std::size_t J, std::size_t... K>
  T curved(arma::uword i, arma::uword j, T y, std::index_sequence<K...>) const {
    return f_.template curvature<I, J>(operand<K>(i, j)..., y);
  }

  template <std::size_t K>
  T operand(arma::uword i, arma::uword j) const {
    return edges_[K].value().memptr()[i * row_[K] + j * col_[K]];
  }
  template <std::size_t K>
  T tangent(arma::uword i, arma::uword j) const {
    return edges_[K].tangent().memptr()[i * row_[K] + j * col_[K]];
  }

  Node<T>* output_;
  std::array<Edge<T>, Operands> edges_;
  std::array<arma::uword, Operands> row_{}, col_{};  // strides; 0: the operand is repeated
  bool flat_ = true;
  F f_;
};

template <class T>
std::string shape(const arma::Mat<T>& m) {
  return std::to_string(m.n_rows) + " x " + std::to_string(m.n_cols);
}

// Composed only on demand: losses written as expressions are recorded in every step.
template <class T, class... More>
[[noreturn]] void refuse_shapes(const char* name, const Var<T>& first, const More&... more) {
  std::string complaint = std::string(name) + ": shapes " + shape(first.value());
  ((complaint += " and " + shape(more.value())), ...);
  throw std::invalid_argument(complaint + " do not broadcast");
}

inline bool broadcasts(arma::uword a, arma::uword b) { return a == b || a == 1 || b == 1; }

template <class T, class F, class... More>
Var<T> broadcast(const char* name, F f, const Var<T>& first, const More&... more) {
  arma::uword rows = first.rows(), cols = first.cols();
  const auto join = [&](const Var<T>& x) {
    if (!broadcasts(rows, x.rows()) || !broadcasts(cols, x.cols()))
      refuse_shapes(name, first, more...);
    if (rows == 1) rows = x.rows();
    if (cols == 1) cols = x.cols();
  };
  (join(more), ...);
  const bool differentiable = (first.node()->differentiable || ... || more.node()->differentiable);
  constexpr std::size_t operands = 1 + sizeof...(More);
  return first.graph().template record<Broadcast<T, F, operands>>(
      rows, cols, differentiable, std::array<Var<T>, operands>{first, more...}, f);
}

struct Add {
  template <class T>
  T value(T a, T b) const {
    return a + b;
  }
  template <std::size_t, class T>
  T slope(T, T, T) const {
    return T(1);
  }
  template <std::size_t, std::size_t, class T>
  T curvature(T, T, T) const {
    return T(0);
  }
};
struct Subtract {
  template <class T>
  T value(T a, T b) const {
    return a - b;
  }
  template <std::size_t K, class T>
  T slope(T, T, T) const {
    return K == 0 ? T(1) : T(-1);
  }
  template <std::size_t, std::size_t, class T>
  T curvature(T, T, T) const {
    return T(0);
  }
};
struct Multiply {
  template <class T>
  T value(T a, T b) const {
    return a * b;
  }
  template <std::size_t K, class T>
  T slope(T a, T b, T) const {
    return K == 0 ? b : a;
  }
  template <std::size_t I, std::size_t J, class T>
  T curvature(T, T, T) const {
    return I == J ? T(0) : T(1);
  }
};
struct Divide {
  template <class T>
  T value(T a, T b) const {
    return a / b;
  }
  template <std::size_t K, class T>
  T slope(T, T b, T y) const {
    return K == 0 ? T(1) / b : -y / b;
  }
  template <std::size_t I, std::size_t J, class T>
  T curvature(T, T b, T y) const {
    if (I != J) return T(-1) / (b * b);
    return I == 0 ? T(0) : T(2) * y / (b * b);
  }
};
// A tie shares the gradient evenly, as PyTorch's maximum and minimum do.
struct Max {
  template <class T>
  T value(T a, T b) const {
    return a < b ? b : a;
  }
  template <std::size_t K, class T>
  T slope(T a, T b, T) const {
    if (a == b) return T(0.5);
    return (a > b) == (K == 0) ? T(1) : T(0);
  }
  template <std::size_t, std::size_t, class T>
  T curvature(T, T, T) const {
    return T(0);
  }
};
struct Min {
  template <class T>
  T value(T a, T b) const {
    return b < a ? b : a;
  }
  template <std::size_t K, class T>
  T slope(T a, T b, T) const {
    if (a == b) return T(0.5);
    return (a < b) == (K == 0) ? T(1) : T(0);
  }
  template <std::size_t, std::size_t, class T>
  T curvature(T, T, T) const {
    return T(0);
  }
};
struct Where {
  template <class T>
  T value(T condition, T a, T b) const {
    return condition != T(0) ? a : b;
  }
  template <std::size_t K, class T>
  T slope(T condition, T, T, T) const {
    if (K == 0) return T(0);
    return (condition != T(0)) == (K == 1) ? T(1) : T(0);
  }
  template <std::size_t, std::size_t, class T>
  T curvature(T, T, T, T) const {
    return T(0);
  }
};

}  // namespace descent::autograd
