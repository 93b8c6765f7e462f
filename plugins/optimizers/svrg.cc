// SPDX-License-Identifier: MIT
// Stochastic variance reduced gradient (Johnson & Zhang 2013, option I).
#include "sdk/optimizer.h"

struct Svrg {
  static constexpr auto doc =
      "SVRG: SGD with noise that vanishes, by the full gradient at a snapshot of the weights";
  static constexpr auto formula =
      "every `interval` epochs snapshot = x, full = F'(x); x -= lr (g - f'(snapshot) + full), f of "
      "the batch and F of all samples";
  static constexpr auto source = "Johnson & Zhang 2013, NIPS 26, option I";

  double lr = 1e-2;
  int interval = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(interval, "interval", 1, 1'000'000, "epochs between snapshots");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& snapshot, descent::Vec<T>& full) const {
    auto [there] = host.template working<1>();
    if (host.is_first_batch() && (host.epoch() - 1) % std::uint64_t(interval) == 0) {
      snapshot = x;
      host.evaluate_all(snapshot, full);
    }
    host.evaluate(snapshot, there);
    x -= T(lr) * (gradient - there + full);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Svrg);
