// SPDX-License-Identifier: MIT
// Planted: rows of a matrix are taken for those of its transposed shape.
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Planted {
  static constexpr auto doc = "gradient descent with rows of length 1 and a mistake";
  static constexpr auto settings = "lr=0.05";

  double lr = 1e-2;

  void declare(descent::Hyperparameters& hyper) { hyper(lr, "lr", 0, 1e6, "step size"); }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& g, const descent::Step<T>& host) const {
    for (const auto& block : host.blocks())
      for (std::uint64_t row = 0; row < block.cols; ++row) {
        T sum = T(1e-12);
        for (auto i = row; i < block.rows * block.cols; i += block.cols)
          sum += g[block.offset + i] * g[block.offset + i];
        for (auto i = row; i < block.rows * block.cols; i += block.cols)
          x[block.offset + i] -= T(lr) * g[block.offset + i] / std::sqrt(sum);
      }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Planted);
