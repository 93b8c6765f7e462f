// SPDX-License-Identifier: MIT
// The oracle for every derivative: central differences in double precision.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "autograd/graph.h"

namespace descent {

// The largest |analytic - numeric| / max(1, |analytic|, |numeric|) over all elements, where numeric
// is Richardson's extrapolation of central differences, error O(h^4):
// (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h.
inline double gradient_error(std::span<arma::mat> inputs, std::span<const arma::mat> gradients,
                             const std::function<double()>& f, double h = 2e-4) {
  double worst = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    for (arma::uword i = 0; i < inputs[k].n_elem; ++i) {
      double& x = inputs[k].memptr()[i];
      const double kept = x;
      const auto at = [&](double shift) { return x = kept + shift, f(); };
      const double numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      x = kept;
      const double analytic = gradients[k].memptr()[i];
      const double scale = std::max({1.0, std::abs(analytic), std::abs(numeric)});
      const double error = std::abs(analytic - numeric) / scale;
      worst = error <= worst ? worst : error;  // a NaN is the worst of all
      if (error != error) return error;
    }
  return worst;
}

}  // namespace descent
