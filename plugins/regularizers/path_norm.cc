// SPDX-License-Identifier: MIT
// The path norm (Neyshabur, Tomioka & Srebro 2015) of a net of linear layers.
#include "sdk/regularizer.h"

struct PathNorm {
  static constexpr auto doc =
      "path norm: the squared weights of each path from an input to an output, multiplied";
  static constexpr auto formula = "lambda * sum over paths of the product of w^2 along the path";
  static constexpr auto source =
      "Neyshabur, Tomioka & Srebro 2015, arXiv:1503.00036; Neyshabur et al. 2015, arXiv:1506.02617";

  double lambda = 1e-3;

  void declare(descent::Hyperparameters& hyper) { hyper(lambda, "lambda", 0, 1e12, "strength"); }

  template <class T>
  descent::Var<T> operator()(std::span<const descent::Var<T>> matrices) const {
    auto paths = sum(square(matrices[0]), 1);  // into each unit of the layer
    for (const auto& w : matrices.subspan(1)) paths = matmul(square(w), paths);
    return lambda * sum(paths);
  }
};

DESCENT_REGULARIZER_PLUGIN(PathNorm);
