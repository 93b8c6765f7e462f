// SPDX-License-Identifier: MIT
// Negative log-likelihood under a normal distribution; the model gives its mean and variance (Nix &
// Weigend 1994).
#include <numbers>

#include "sdk/loss.h"

// max(x, low), its slope taken as 1 everywhere: a variance below eps must still be able to grow.
struct Floor {
  double low;
  template <class T>
  T value(T x) const {
    return x < T(low) ? T(low) : x;
  }
  template <class T>
  T slope(T, T) const {
    return T(1);
  }
  template <class T>
  T curvature(T, T) const {
    return T(0);
  }
};

struct GaussianNll {
  static constexpr auto doc =
      "Gaussian negative log-likelihood: the first outputs x are means, the others variances v";
  static constexpr auto formula = "(log v + (x-t)^2 / v) / 2";
  static constexpr auto source = "Nix & Weigend 1994; PyTorch, GaussianNLLLoss";
  static constexpr auto targets = DESCENT_NUMBERS;
  static constexpr auto prediction = DESCENT_MEANS_AND_VARIANCES;
  static constexpr auto log_prediction = "log_variance";

  bool full = false, log_variance = false;
  double eps = 1e-6;

  void declare(descent::Hyperparameters& hyper) {
    hyper(full, "full", "add the constant log(2 pi) / 2");
    hyper(log_variance, "log_variance", "the model predicts log variances");
    hyper(eps, "eps", 0, 1e6, "smallest variance");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& outputs,
                             const descent::Target<T>& target) const {
    const auto t = target.values();
    const auto k = t.rows();
    const auto x = rows(outputs, 0, k - 1), given = rows(outputs, k, 2 * k - 1);
    const auto v = descent::autograd::unary(log_variance ? exp(given) : given, Floor{eps});
    const double constant = full ? std::log(2 * std::numbers::pi) : 0;
    return target.reduce(target.weights() * (log(v) + square(x - t) / v + constant) * 0.5);
  }
};

DESCENT_LOSS_PLUGIN(GaussianNll);
