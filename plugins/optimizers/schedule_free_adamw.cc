// SPDX-License-Identifier: MIT
// Schedule-free AdamW (Defazio et al. 2024, algorithm 1). The weights are y, where the gradient is
// taken; the model is evaluated at the average.
#include "sdk/optimizer.h"

struct ScheduleFreeAdamW {
  static constexpr auto doc =
      "schedule-free AdamW: no schedule; evaluated at an average of the iterates";
  static constexpr auto formula =
      "v = beta2 v + (1-beta2) g^2, r = lr sqrt(1-beta2^t) min(1, t/warmup_steps), z -= r (g / "
      "(sqrt(v) + eps) + weight_decay y), mean += r^2 / sum r^2 (z - mean), y = (1-beta1) z + "
      "beta1 mean";
  static constexpr auto source = "Defazio et al. 2024, arXiv:2405.15682, algorithm 1";
  static constexpr bool elementwise = true;

  double lr = 2.5e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  int warmup_steps = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one,
          "weight of the average in the point where the gradient is evaluated");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "added to the square root, before bias correction");
    hyper(weight_decay, "weight_decay", 0, 1e6, "decoupled: r weight_decay y is subtracted from z");
    hyper(warmup_steps, "warmup_steps", 0, 1'000'000'000,
          "steps over which lr rises linearly from 0");
  }

  std::uint64_t state_size(std::span<const descent_block>) const { return 1; }

  template <class T>
  void step(descent::Vec<T>& y, const descent::Vec<T>& g, const descent::Step<T>& host,
            descent::Vec<T>& z, descent::Vec<T>& mean, descent::Vec<T>& square) const {
    const double t = host.t();
    const double rate =
        lr * std::sqrt(1 - std::pow(beta2, t)) * std::min(1.0, t / std::max(1, warmup_steps));
    auto sum = host.state();  // of the squared rates
    sum += T(rate * rate);
    if (t == 1) z = mean = y;
    square = T(beta2) * square + T(1 - beta2) * arma::square(g);
    z -= T(rate) * (g / (arma::sqrt(square) + T(eps)) + T(weight_decay) * y);
    mean += (sum[0] > 0 ? T(rate * rate) / sum[0] : T(0)) * (z - mean);
    y = T(1 - beta1) * z + T(beta1) * mean;
  }

  template <class T>
  const descent::Vec<T>& average(const descent::Vec<T>&, const descent::Step<T>&,
                                 const descent::Vec<T>&, const descent::Vec<T>& mean,
                                 const descent::Vec<T>&) const {
    return mean;
  }
};

DESCENT_OPTIMIZER_PLUGIN(ScheduleFreeAdamW);
