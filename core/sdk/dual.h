// SPDX-License-Identifier: MIT
// Dual numbers: a scalar formula evaluated on them gives its value and its derivative in one pass,
// resolved at compile time into plain arithmetic (forward-mode differentiation).
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

  friend Dual exp(Dual x) { return chain(x, std::exp(x.value), std::exp(x.value)); }
  friend Dual log(Dual x) { return chain(x, std::log(x.value), T(1) / x.value); }
  friend Dual log1p(Dual x) { return chain(x, std::log1p(x.value), T(1) / (T(1) + x.value)); }
  friend Dual sqrt(Dual x) {
    const T y = std::sqrt(x.value);
    return chain(x, y, T(0.5) / y);
  }
  friend Dual tanh(Dual x) {
    const T y = std::tanh(x.value);
    return chain(x, y, T(1) - y * y);
  }
  // Slope 0 at 0.
  friend Dual abs(Dual x) { return chain(x, std::abs(x.value), T((x.value > 0) - (x.value < 0))); }
  friend Dual pow(Dual x, double p) {
    return chain(x, std::pow(x.value, T(p)), T(p) * std::pow(x.value, T(p - 1)));
  }
  // log(1 + exp(x)), finite for every finite x; its slope is the sigmoid.
  friend Dual softplus(Dual x) {
    const T decay = std::exp(-std::abs(x.value));
    const T sigmoid = (x.value > 0 ? T(1) : decay) / (T(1) + decay);
    return chain(x, (x.value > 0 ? x.value : T(0)) + std::log1p(decay), sigmoid);
  }

 private:
  static Dual chain(Dual x, T value, T slope) { return {value, slope * x.slope}; }
};

}  // namespace descent
