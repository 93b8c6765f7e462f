// SPDX-License-Identifier: MIT
// Operations that act element by element: one operand, or two or three with broadcasting.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "autograd/graph.h"
#include "autograd/kernel.h"

namespace descent {
namespace autograd {

template <class T>
std::string shape(const arma::Mat<T>& m) {
  return std::to_string(m.n_rows) + " x " + std::to_string(m.n_cols);
}

// Second derivatives are not in kernels: compiling them for every level would take longer than the
// few runs that ask for them save. An operation that gives none has no products with the Hessian.
[[noreturn]] inline void refuse_curvature() {
  throw std::runtime_error("an operation of the graph has no second derivative");
}

// F gives value(x) and slope(x, y) with y = value(x), and curvature(x, y), the derivative of slope.
template <class T, class F>
class Unary final : public Operation<T> {
 public:
  Unary(Node<T>* output, Var<T> x, F f) : output_(output), edges_{{{x.node()}}}, f_(f) {}

  void forward() override {
    const F f = f_;
    map<false>([f](T x) { return f.value(x); }, output_->value.memptr(), output_->value.n_elem,
               edges_[0].value().memptr());
  }

  void backward() override {
    const F f = f_;
    const auto pulled = [f](T dy, T x, T y) { return dy * f.slope(x, y); };
    const auto pull = [&]<bool Add>(std::bool_constant<Add>) {
      map<Add>(pulled, edges_[0].gradient().memptr(), output_->value.n_elem,
               output_->gradient.memptr(), edges_[0].value().memptr(), output_->value.memptr());
    };
    if (edges_[0].first)
      pull(std::false_type{});
    else
      pull(std::true_type{});
  }

  void forward_tangent() override {
    const auto &x = edges_[0].value(), &dx = edges_[0].tangent(), &y = output_->value;
    auto& dy = output_->tangents->value;
    for (arma::uword i = 0; i < y.n_elem; ++i) dy[i] = f_.slope(x[i], y[i]) * dx[i];
  }

  void backward_tangent() override {
    if constexpr (requires(T x) { f_.curvature(x, x); }) {
      const auto &x = edges_[0].value(), &dx = edges_[0].tangent(), &y = output_->value;
      const auto &g = output_->gradient, &dg = output_->tangents->gradient;
      auto& out = edges_[0].gradient_tangent();
      for (arma::uword i = 0; i < y.n_elem; ++i) {
        const T pulled = dg[i] * f_.slope(x[i], y[i]) + g[i] * f_.curvature(x[i], y[i]) * dx[i];
        out[i] = edges_[0].first ? pulled : out[i] + pulled;
      }
    } else {
      refuse_curvature();
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
      refuse_curvature();
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
  template <class T>
  T curvature(T, T) const {
    return T(0);
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
  template <class T>
  T curvature(T x, T y) const {
    return T(2) * y / (x * x);
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
  template <class T>
  T curvature(T, T y) const {
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
  template <class T>
  T curvature(T x, T) const {
    return T(-1) / (x * x);
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
  template <class T>
  T curvature(T x, T) const {
    return T(-1) / ((T(1) + x) * (T(1) + x));
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
  template <class T>
  T curvature(T, T y) const {
    return T(-0.25) / (y * y * y);
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
  template <class T>
  T curvature(T, T) const {
    return T(2);
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
  template <class T>
  T curvature(T x, T) const {
    const double factor = exponent * (exponent - 1);
    return factor == 0 ? T(0) : T(factor) * std::pow(x, T(exponent - 2));
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
  template <class T>
  T curvature(T, T) const {
    return T(0);
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
  template <class T>
  T curvature(T, T) const {
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
  template <class T>
  T curvature(T, T) const {
    return T(0);
  }
};
struct Elu {
  double alpha;
  template <class T>
  T value(T x) const {
    const T below = T(alpha) * std::expm1(x);
    return x < 0 ? below : x;
  }
  template <class T>
  T slope(T x, T y) const {
    return x < 0 ? y + T(alpha) : T(1);
  }
  template <class T>
  T curvature(T x, T y) const {
    return x < 0 ? y + T(alpha) : T(0);
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
  template <class T>
  T curvature(T x, T) const {
    const T density = std::exp(T(-0.5) * x * x) * T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    return density * (T(2) - x * x);
  }
};
// Two branches that meet at 5/8, with the coefficients of Moshier's Cephes library (tanhf.c,
// tanh.c): within 2 units in the last place, in less than half the time of SLEEF's tanh
// (within 1 unit).
struct Tanh {
  static float small(float x) {  // x + x^3 P(x^2)
    const float z = x * x;
    const float p = (((-5.70498872745e-3f * z + 2.06390887954e-2f) * z - 5.37397155531e-2f) * z +
                     1.33314422036e-1f) *
                        z -
                    3.33332819422e-1f;
    return x + x * (z * p);
  }
  static double small(double x) {  // x + x^3 P(x^2) / Q(x^2)
    const double z = x * x;
    const double p =
        (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
    const double q = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z +
                     4.84406305325125486048e3;
    return x + x * (z * (p / q));
  }
  template <class T>
  T value(T x) const {
    const T size = std::abs(x), near_zero = small(size);
    const T large = T(1) - T(2) / (std::exp(2 * size) + T(1));  // 1 where exp overflows
    return std::copysign(size < T(0.625) ? near_zero : large, x);
  }
  template <class T>
  T slope(T, T y) const {
    return T(1) - y * y;
  }
  template <class T>
  T curvature(T, T y) const {
    return T(-2) * y * (T(1) - y * y);
  }
};
struct Sigmoid {
  template <class T>
  T value(T x) const {
    const T e = std::exp(-std::abs(x));  // never overflows
    return (x < 0 ? e : T(1)) / (T(1) + e);
  }
  template <class T>
  T slope(T, T y) const {
    return y * (T(1) - y);
  }
  template <class T>
  T curvature(T, T y) const {
    return y * (T(1) - y) * (T(1) - T(2) * y);
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
  template <class T>
  T curvature(T x, T) const {
    const T sigmoid = slope(x, x);
    return sigmoid * (T(1) - sigmoid);
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
  template <class T>
  T curvature(T, T) const {
    return T(0);
  }
};

}  // namespace autograd
}  // namespace descent
