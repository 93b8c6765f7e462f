// SPDX-License-Identifier: MIT
// Schedule-free SGD (Defazio et al. 2024, equations 2 to 4). The weights are y, where the gradient
// is taken; the model is evaluated at the average.
#include "sdk/optimizer.h"

struct ScheduleFreeSgd {
  static constexpr auto doc =
      "schedule-free SGD: no schedule; evaluated at the average of the iterates";
  static constexpr auto formula =
      "z -= lr min(1, t/warmup_steps) (g + weight_decay y), mean += (z - mean) / (t+1), "
      "y = (1-beta) z + beta mean";
  static constexpr auto source = "Defazio et al. 2024, arXiv:2405.15682, equations 2-4";
  static constexpr bool elementwise = true;

  double lr = 1e-2, beta = 0.9, weight_decay = 0;
  int warmup_steps = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta, "beta", 0, descent::below_one,
          "weight of the average in the point where the gradient is evaluated");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay y is added to the gradient");
    hyper(warmup_steps, "warmup_steps", 0, 1'000'000'000,
          "steps over which lr rises linearly from 0");
  }

  template <class T>
  void step(descent::Vec<T>& y, const descent::Vec<T>& g, double t, descent::Vec<T>& z,
            descent::Vec<T>& mean) const {
    const double rate = lr * std::min(1.0, t / std::max(1, warmup_steps));
    if (t == 1) z = mean = y;
    z -= T(rate) * (g + T(weight_decay) * y);
    mean += T(1 / (t + 1)) * (z - mean);
    y = T(1 - beta) * z + T(beta) * mean;
  }

  template <class T>
  const descent::Vec<T>& average(const descent::Vec<T>&, double, const descent::Vec<T>&,
                                 const descent::Vec<T>& mean) const {
    return mean;
  }
};

DESCENT_OPTIMIZER_PLUGIN(ScheduleFreeSgd);
