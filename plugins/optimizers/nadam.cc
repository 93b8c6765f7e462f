// SPDX-License-Identifier: MIT
// NAdam (Dozat 2016, algorithm 8), the momentum schedule of its section 3.
#include "sdk/adam.h"
#include "sdk/optimizer.h"

struct NAdam {
  static constexpr auto doc = "NAdam: Adam with Nesterov momentum, which rises during training";
  static constexpr auto formula =
      "mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2), P_t = mu_1 .. mu_t; x -= lr ((1-mu_t) "
      "g/(1-P_t) + mu_(t+1) m/(1-P_(t+1))) / (sqrt(v/(1-beta2^t)) + eps)";
  static constexpr auto source = "Dozat 2016, algorithm 8";
  static constexpr bool elementwise = true;

  double lr = 2e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  double momentum_decay = 4e-3;
  bool decoupled_weight_decay = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root, after bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(momentum_decay, "momentum_decay", 0, 1e6, "how fast the momentum rises to beta1");
    hyper(decoupled_weight_decay, "decoupled_weight_decay", "decoupled weight decay, as in AdamW");
  }

  double momentum(double t) const { return beta1 * (1 - 0.5 * std::pow(0.96, t * momentum_decay)); }

  std::uint64_t state_size(std::span<const descent_block>) const { return 1; }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& square) const {
    const double t = host.t();
    auto product = host.state();  // of the momenta so far
    const descent::Moments<T> adam(1, beta1, beta2, eps, t);
    const double now = momentum(t), next = momentum(t + 1);
    product[0] = T(t == 1 ? now : double(product[0]) * now);
    const T of_gradient = T(lr * (1 - now) / (1 - double(product[0])));
    const T of_mean = T(lr * next / (1 - double(product[0]) * next));
    const T kept = T(decoupled_weight_decay ? 1 - lr * weight_decay : 1);
    const T decay = T(decoupled_weight_decay ? 0 : weight_decay);
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i] + decay * x[i];
      adam.take(g, mean[i], square[i]);
      x[i] = kept * x[i] -
             (of_gradient * g + of_mean * mean[i]) / (adam.root * std::sqrt(square[i]) + adam.eps);
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(NAdam);
