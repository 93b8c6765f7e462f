// SPDX-License-Identifier: MIT
// Resilient backpropagation (Riedmiller & Braun 1993), without weight backtracking: iRprop- of Igel
// & Huesken 2000.
#include "sdk/optimizer.h"

struct Rprop {
  static constexpr auto doc =
      "Rprop: step sizes per weight that grow while the gradient keeps its sign";
  static constexpr auto formula =
      "s *= etaplus while the sign of g stays, etaminus when it changes (then g = 0); x -= sign(g) "
      "s";
  static constexpr auto source =
      "Riedmiller & Braun 1993; without backtracking as in Igel & Huesken 2000";
  static constexpr bool elementwise = true;

  double lr = 1e-2, etaminus = 0.5, etaplus = 1.2, step_size_min = 1e-6, step_size_max = 50;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "initial step size");
    hyper(etaminus, "etaminus", 0, 1, "factor on a step size when the sign changes");
    hyper(etaplus, "etaplus", 1, 1e6, "factor on a step size while the sign stays");
    hyper(step_size_min, "step_size_min", 0, 1e6, "smallest step size");
    hyper(step_size_max, "step_size_max", 0, 1e6, "largest step size");
  }

  const char* conflict() const {
    return step_size_min > step_size_max ? "step_size_min is above step_size_max" : nullptr;
  }

  // Signs only, as a product of gradients may underflow.
  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double t,
            descent::Vec<T>& last_sign, descent::Vec<T>& size) const {
    const T low = T(step_size_min), high = T(step_size_max);
    if (t == 1) size.fill(T(lr));
#pragma omp simd
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const T g = gradient[i], sign = g > 0 ? T(1) : g < 0 ? T(-1) : T(0);
      const T agreement = sign * last_sign[i];
      const T factor = agreement > 0 ? T(etaplus) : agreement < 0 ? T(etaminus) : T(1);
      size[i] = std::min(std::max(factor * size[i], low), high);
      last_sign[i] = agreement < 0 ? T(0) : sign;
      x[i] -= last_sign[i] * size[i];
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Rprop);
