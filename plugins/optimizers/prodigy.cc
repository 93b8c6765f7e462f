// SPDX-License-Identifier: MIT
// Prodigy (Mishchenko & Defazio 2023, algorithm 4): Adam that estimates how far the solution is.
#include "sdk/optimizer.h"

struct Prodigy {
  static constexpr auto doc = "Prodigy: Adam that estimates its own step size";
  static constexpr auto formula =
      "m = beta1 m + (1-beta1) d g, v = beta2 v + (1-beta2) d^2 g^2, b = sqrt(beta2), r = b r + "
      "(1-b) lr d^2 g'(x_0 - x), s = b s + (1-b) lr d^2 g, x -= lr d m / (sqrt(v) + d eps), d = "
      "max(d, r / |s|_1)";
  static constexpr auto source = "Mishchenko & Defazio 2023, arXiv:2306.06101, algorithm 4";

  double lr = 1, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0, d0 = 1e-6;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "factor on the estimated step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "d eps is added to the square root");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr d weight_decay x is subtracted from x");
    hyper(d0, "d0", 1e-30, 1e6,
          "initial estimate of the distance to the solution; better too small than too large");
  }

  std::uint64_t state_size(std::span<const descent_block>) const { return 2; }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& square, descent::Vec<T>& s,
            descent::Vec<T>& start) const {
    auto state = host.state();
    T &r = state[0], &d = state[1];
    if (host.t() == 1) start = x, d = T(d0);
    const T now = d, b = T(std::sqrt(beta2)), gain = T((1 - std::sqrt(beta2)) * lr) * now * now;
    mean = T(beta1) * mean + (T(1 - beta1) * now) * g;
    square = T(beta2) * square + T(1 - beta2) * arma::square(now * g);
    r = b * r + gain * (arma::dot(g, start) - arma::dot(g, x));
    s = b * s + gain * g;
    x = T(1 - lr * double(now) * weight_decay) * x -
        (T(lr) * now) * mean / (arma::sqrt(square) + now * T(eps));
    const T length = arma::accu(arma::abs(s));
    if (length > 0) d = std::max(now, r / length);
    host.note("d", double(d));
  }
};

DESCENT_OPTIMIZER_PLUGIN(Prodigy);
