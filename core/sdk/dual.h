// SPDX-License-Identifier: MIT
// Dual numbers: a scalar formula evaluated on them gives its value and its derivative in one pass,
// resolved at compile time into plain arithmetic (forward-mode differentiation). Dual numbers of
// dual numbers give the second derivative.
#pragma once

#include "autograd/kernel.h"

namespace descent {

template <class T>
struct Dual {
  T value;
  T slope = 0;

  Dual(T v) : value(v) {}  // NOLINT: a number is a constant
  Dual(T v, T s) : value(v), slope(s) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> Dual(Number v) : value(T(v)) {}  // NOLINT

  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
  friend Dual operator/(Dual a, Dual b) {
    const T y = a.value / b.value;
    return {y, (a.slope - y * b.slope) / b.value};
  }
  friend Dual operator-(Dual a) { return {-a.value, -a.slope}; }

  friend bool operator<(Dual a, Dual b) { return a.value < b.value; }
  friend bool operator>(Dual a, Dual b) { return a.value > b.value; }
  friend bool operator<=(Dual a, Dual b) { return a.value <= b.value; }
  friend bool operator>=(Dual a, Dual b) { return a.value >= b.value; }

  friend Dual exp(Dual x) {
    using std::exp;
    return chain(x, exp(x.value), exp(x.value));
  }
  friend Dual log(Dual x) {
    using std::log;
    return chain(x, log(x.value), T(1) / x.value);
  }
  friend Dual log1p(Dual x) {
    using std::log1p;
    return chain(x, log1p(x.value), T(1) / (T(1) + x.value));
  }
  friend Dual sqrt(Dual x) {
    using std::sqrt;
    const T y = sqrt(x.value);
    return chain(x, y, T(0.5) / y);
  }
  friend Dual tanh(Dual x) {
    using std::tanh;
    const T y = tanh(x.value);
    return chain(x, y, T(1) - y * y);
  }
  // Slope 0 at 0.
  friend Dual abs(Dual x) {
    using std::abs;
    return chain(x, abs(x.value), T((x.value > 0) - (x.value < 0)));
  }
  friend Dual pow(Dual x, double p) {
    return chain(x, power(x.value, p), T(p) * power(x.value, p - 1));
  }
  // log(1 + exp(x)), finite for every finite x; its slope is the sigmoid.
  friend Dual softplus(Dual x) {
    using std::abs, std::exp, std::log1p;
    const T decay = exp(-abs(x.value));
    const T sigmoid = (x.value > 0 ? T(1) : decay) / (T(1) + decay);
    return chain(x, (x.value > 0 ? x.value : T(0)) + log1p(decay), sigmoid);
  }

 private:
  static T power(T x, double p) {
    if constexpr (std::is_arithmetic_v<T>)
      return std::pow(x, T(p));
    else
      return pow(x, p);
  }
  static Dual chain(Dual x, T value, T slope) { return {value, slope * x.slope}; }
};

}  // namespace descent
