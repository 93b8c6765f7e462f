// SPDX-License-Identifier: MIT
// Newton's method by conjugate gradients (Nocedal & Wright 2006, algorithm 7.1), for the full
// batch.
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct NewtonCg {
  static constexpr auto doc =
      "Newton-CG: Newton steps solved by conjugate gradients with exact products with the Hessian, "
      "shortened until the loss falls";
  static constexpr auto formula =
      "p: H p = -g to within min(1/2, sqrt |g|) |g|, or up to a direction of negative curvature; "
      "x += t p with t = lr, lr/2, ... until f(x + t p) <= f(x) + 1e-4 t g'p";
  static constexpr auto source = "Nocedal & Wright 2006, Numerical Optimization, algorithm 7.1";
  static constexpr auto needs = DESCENT_NEEDS_HESSIAN;

  double lr = 1, damping = 0;
  int iterations = 50;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "the step that is tried first");
    hyper(damping, "damping", 0, 1e6, "added to the Hessian's diagonal");
    hyper(iterations, "iterations", 1, 1'000'000, "of conjugate gradients, at most");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    auto [p, residual, direction, product] = host.template working<4>();
    const double size = descent::length(gradient);
    if (size == 0) return;
    const auto product_with = [&, &product = product](const descent::Vec<T>& v) {
      host.hessian_times(v, product);
      product += T(damping) * v;
    };
    p.zeros();
    residual = gradient;
    direction = -gradient;
    double square = size * size;
    for (int i = 0; i < iterations; ++i) {
      product_with(direction);
      const auto curvature = double(arma::dot(direction, product));
      if (!(curvature > 0)) {
        if (i == 0) p = direction;
        break;
      }
      const T alpha = T(square / curvature);
      p += alpha * direction;
      residual += alpha * product;
      const auto next = double(arma::dot(residual, residual));
      if (std::sqrt(next) <= std::min(0.5, std::sqrt(size)) * size) break;
      direction = T(next / square) * direction - residual;
      square = next;
    }
    search(x, p, double(arma::dot(gradient, p)), host, product);
  }

  template <class T>
  void search(descent::Vec<T>& x, const descent::Vec<T>& p, double slope,
              const descent::Step<T>& host, descent::Vec<T>& there) const {
    constexpr int most = 30;
    const double value = host.value(x);
    double t = lr;
    for (int i = 0; i < most; ++i, t /= 2) {
      there = x + T(t) * p;
      if (!(host.evaluate(there) <= value + 1e-4 * t * slope)) continue;
      x = there;
      return;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(NewtonCg);
