// SPDX-License-Identifier: MIT
// State for one number less than is used.
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with momentum and a mistake";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    return blocks.size() - 1;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host) const {
    auto state = host.state();
    T* const norms = state.memptr();
    for (std::size_t i = 0; i < host.blocks().size(); ++i) {
      auto w = descent::part(x, host.blocks()[i]);
      const auto slope = descent::part(g, host.blocks()[i]);
      norms[i] = T(arma::accu(slope % slope));
      w -= T(lr) * slope;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
