// SPDX-License-Identifier: MIT
// One mean square for all blocks, that of the block before.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  std::uint64_t state_size(std::span<const descent_block>) const { return 1; }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host) const {
    auto square = host.state();
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block);
      const auto slope = descent::part(g, block);
      w -= T(lr) * slope / (std::sqrt(square[0]) + T(1));
      square[0] = T(0.9) * square[0] + T(0.1) * arma::accu(slope % slope);
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
