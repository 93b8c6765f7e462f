// SPDX-License-Identifier: MIT
// The running moments of Adam (Kingma & Ba 2015, algorithm 1), for the many rules built on them.
#pragma once

#include <cmath>

namespace descent {

// One step's constants; t is 1 on the first step.
template <class T>
struct Moments {
  Moments(double lr, double beta1, double beta2, double epsilon, double t)
      : b1(T(beta1)),
        b2(T(beta2)),
        a1(T(1 - beta1)),
        a2(T(1 - beta2)),
        rate(T(lr / (1 - std::pow(beta1, t)))),
        root(T(1 / std::sqrt(1 - std::pow(beta2, t)))),
        eps(T(epsilon)) {}

  void take(T g, T& mean, T& square) const {
    mean = b1 * mean + a1 * g;
    square = b2 * square + a2 * g * g;
  }

  // lr times the mean over the root of the square, both corrected for their start at 0.
  T step(T mean, T square) const { return rate * mean / (root * std::sqrt(square) + eps); }

  T b1, b2, a1, a2, rate, root, eps;
};

}  // namespace descent
