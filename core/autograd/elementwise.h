// SPDX-License-Identifier: MIT
// Operations that act element by element: one operand, or two or three with broadcasting.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "autograd/graph.h"

namespace descent {
namespace autograd {

template <class T>
std::string shape(const arma::Mat<T>& m) {
  return std::to_string(m.n_rows) + " x " + std::to_string(m.n_cols);
}

// F gives value(x) and slope(x, y) with y = value(x).
template <class T, class F>
class Unary final : public Operation<T> {
 public:
  Unary(Node<T>* output, Var<T> x, F f) : output_(output), edges_{{{x.node()}}}, f_(f) {}

  void forward() override {
    const T* const x = edges_[0].value().memptr();
    T* const y = output_->value.memptr();
    const arma::uword n = output_->value.n_elem;
    const F f = f_;  // a copy that y[] cannot alias
#pragma omp simd
    for (arma::uword i = 0; i < n; ++i) y[i] = f.value(x[i]);
  }

  void backward() override {
    const T* const x = edges_[0].value().memptr();
    const T* const y = output_->value.memptr();
    const T* const dy = output_->gradient.memptr();
    T* const dx = edges_[0].gradient().memptr();
    const arma::uword n = output_->value.n_elem;
    const F f = f_;
    if (edges_[0].first) {
#pragma omp simd
      for (arma::uword i = 0; i < n; ++i) dx[i] = dy[i] * f.slope(x[i], y[i]);
    } else {
#pragma omp simd
      for (arma::uword i = 0; i < n; ++i) dx[i] += dy[i] * f.slope(x[i], y[i]);
    }
  }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  Node<T>* output_;
  std::array<Edge<T>, 1> edges_;
  F f_;
};

template <class T, class F>
Var<T> unary(const Var<T>& x, F f) {
  return x.graph().template record<Unary<T, F>>(x.rows(), x.cols(), x.node()->differentiable, x, f);
}

// Operand I of F: value(a, b, ...) and slope<I>(a, b, ..., y) give the function and its partial
// derivatives. An operand of one row (column) is repeated along the output's rows (columns), and
// its gradient is the sum over the repetitions.
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

  void forward() override {
    T* const y = output_->value.memptr();
    walk([&](arma::uword i, const auto&... operand) { y[i] = f_.value(operand...); });
  }

  void backward() override { pull(std::make_index_sequence<Operands>()); }

  std::span<Edge<T>> edges() override { return edges_; }

 private:
  // Calls body(index into the output, operand elements...) for every element of the output.
  template <class Body>
  void walk(Body&& body) {
    walk_over(std::forward<Body>(body), std::make_index_sequence<Operands>());
  }

  template <class Body, std::size_t... K>
  void walk_over(Body&& body, std::index_sequence<K...>) {
    const std::array<const T*, Operands> x{edges_[K].value().memptr()...};
    const arma::uword rows = output_->value.n_rows, cols = output_->value.n_cols;
    if (flat_) {
#pragma omp simd
      for (arma::uword i = 0; i < rows * cols; ++i) body(i, x[K][i]...);
      return;
    }
    for (arma::uword j = 0; j < cols; ++j)
      for (arma::uword i = 0; i < rows; ++i) body(i + j * rows, x[K][i * row_[K] + j * col_[K]]...);
  }

  template <std::size_t... K>
  void pull(std::index_sequence<K...>) {
    (pull_one<K>(), ...);
  }

  template <std::size_t K>
  void pull_one() {
    if (!edges_[K].wanted()) return;
    if (edges_[K].first) edges_[K].gradient().zeros();
    T* const dx = edges_[K].gradient().memptr();
    const T* const y = output_->value.memptr();
    const T* const dy = output_->gradient.memptr();
    const arma::uword rows = output_->value.n_rows;
    if (flat_) {
      walk([&](arma::uword i, const auto&... operand) {
        dx[i] += dy[i] * f_.template slope<K>(operand..., y[i]);
      });
      return;
    }
    const arma::uword row = row_[K], col = col_[K];
    walk([&](arma::uword i, const auto&... operand) {
      dx[(i % rows) * row + (i / rows) * col] += dy[i] * f_.template slope<K>(operand..., y[i]);
    });
  }

  Node<T>* output_;
  std::array<Edge<T>, Operands> edges_;
  std::array<arma::uword, Operands> row_{}, col_{};  // strides; 0: the operand is repeated
  bool flat_ = true;
  F f_;
};

// Composed only when it is needed: losses written as expressions are recorded in every step.
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
};

struct Affine {
  double a, b;
  template <class T>
  T value(T x) const {
    return T(a) * x + T(b);
  }
  template <class T>
  T slope(T, T) const {
    return T(a);
  }
};
struct Reciprocal {
  double a;  // a / x
  template <class T>
  T value(T x) const {
    return T(a) / x;
  }
  template <class T>
  T slope(T x, T y) const {
    return -y / x;
  }
};
struct Exp {
  template <class T>
  T value(T x) const {
    return std::exp(x);
  }
  template <class T>
  T slope(T, T y) const {
    return y;
  }
};
struct Log {
  template <class T>
  T value(T x) const {
    return std::log(x);
  }
  template <class T>
  T slope(T x, T) const {
    return T(1) / x;
  }
};
struct Log1p {
  template <class T>
  T value(T x) const {
    return std::log1p(x);
  }
  template <class T>
  T slope(T x, T) const {
    return T(1) / (T(1) + x);
  }
};
struct Sqrt {
  template <class T>
  T value(T x) const {
    return std::sqrt(x);
  }
  template <class T>
  T slope(T, T y) const {
    return T(0.5) / y;
  }
};
struct Square {
  template <class T>
  T value(T x) const {
    return x * x;
  }
  template <class T>
  T slope(T x, T) const {
    return T(2) * x;
  }
};
struct Pow {
  double exponent;
  template <class T>
  T value(T x) const {
    return std::pow(x, T(exponent));
  }
  template <class T>
  T slope(T x, T) const {
    return exponent == 0 ? T(0) : T(exponent) * std::pow(x, T(exponent - 1));
  }
};
struct Abs {
  template <class T>
  T value(T x) const {
    return std::abs(x);
  }
  template <class T>
  T slope(T x, T) const {
    return T((x > 0) - (x < 0));
  }
};
struct Sign {
  template <class T>
  T value(T x) const {
    return x != x ? x : T((x > 0) - (x < 0));
  }
  template <class T>
  T slope(T, T) const {
    return T(0);
  }
};
// Written as `x < 0` so that NaN passes through: a diverged run must not look healthy.
struct LeakyRelu {
  double slope_below;
  template <class T>
  T value(T x) const {
    return x < 0 ? T(slope_below) * x : x;
  }
  template <class T>
  T slope(T x, T) const {
    return x > 0 ? T(1) : T(slope_below);
  }
};
struct Elu {
  double alpha;
  template <class T>
  T value(T x) const {
    return x < 0 ? T(alpha) * std::expm1(x) : x;
  }
  template <class T>
  T slope(T x, T y) const {
    return x < 0 ? y + T(alpha) : T(1);
  }
};
// x Phi(x), the exact form (Hendrycks & Gimpel 2016).
struct Gelu {
  template <class T>
  static T phi(T x) {
    return T(0.5) * std::erfc(-x * T(1 / std::numbers::sqrt2));
  }
  template <class T>
  T value(T x) const {
    return x * phi(x);
  }
  template <class T>
  T slope(T x, T) const {
    return phi(x) +
           x * std::exp(T(-0.5) * x * x) * T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  }
};
struct Tanh {
  template <class T>
  T value(T x) const {
    return std::tanh(x);
  }
  template <class T>
  T slope(T, T y) const {
    return T(1) - y * y;
  }
};
// exp(-x) overflows to infinity where the sigmoid is 0: 1 / inf is the right answer.
struct Sigmoid {
  template <class T>
  T value(T x) const {
    return T(1) / (T(1) + std::exp(-x));
  }
  template <class T>
  T slope(T, T y) const {
    return y * (T(1) - y);
  }
};
struct Softplus {
  template <class T>
  T value(T x) const {
    return (x > 0 ? x : T(0)) + std::log1p(std::exp(-std::abs(x)));
  }
  template <class T>
  T slope(T x, T) const {
    return T(1) / (T(1) + std::exp(-x));
  }
};
struct Clamp {
  double low, high;
  template <class T>
  T value(T x) const {
    return x < T(low) ? T(low) : x > T(high) ? T(high) : x;
  }
  template <class T>
  T slope(T x, T) const {
    return x < T(low) || x > T(high) ? T(0) : T(1);
  }
};

}  // namespace autograd
}  // namespace descent
