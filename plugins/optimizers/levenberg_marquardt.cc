// SPDX-License-Identifier: MIT
// Levenberg-Marquardt (Levenberg 1944; Marquardt 1963) for the full batch and up to some thousand
// weights. The residual of a sample is the root of its loss.
#include "sdk/decompositions.h"
#include "sdk/optimizer.h"

struct LevenbergMarquardt {
  static constexpr auto doc =
      "Levenberg-Marquardt: damped Gauss-Newton steps of the samples' residuals, the roots of "
      "their "
      "losses";
  static constexpr auto formula =
      "J_i = g_i / (2 sqrt l_i), x -= (J'J / n + mu I)^-1 g / 2; mu /= 3 where the loss falls, "
      "else "
      "x stays, mu *= 2 and it is tried again";
  static constexpr auto source =
      "Levenberg 1944; Marquardt 1963; Nocedal & Wright 2006, section 10.3";
  static constexpr auto needs = DESCENT_NEEDS_SAMPLE_GRADIENTS;
  static constexpr bool small = true;

  double damping = 1e-2;

  void declare(descent::Hyperparameters& hyper) {
    hyper(damping, "damping", 1e-12, 1e12, "mu of the first step");
  }

  std::uint64_t state_size(std::span<const descent_block>) const { return 1; }  // mu

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    constexpr int most = 30;
    const auto size = x.n_elem;
    T* const memory = host.scratch(2 * size * size + 2 * size);
    descent::Mat<T> product(memory, size, size, false, true);
    descent::Mat<T> damped(memory + size * size, size, size, false, true);
    descent::Vec<T> way(memory + 2 * size * size, size, false, true);
    descent::Vec<T> there(memory + 2 * size * size + size, size, false, true);
    auto state = host.state();
    T& mu = state[0];
    if (host.t() == 1) mu = T(damping);
    auto samples = host.sample_gradients();
    auto& jacobian = samples.gradients;  // a column a sample
    for (arma::uword i = 0; i < jacobian.n_cols; ++i) {
      const T loss = samples.values[i];
      jacobian.col(i) *= loss > 0 ? T(1) / (T(2) * std::sqrt(loss * T(jacobian.n_cols))) : T(0);
    }
    product = jacobian * jacobian.t();
    const double value = host.value(x);
    for (int i = 0; i < most; ++i, mu *= T(2)) {
      damped = product;
      damped.diag() += mu;
      way = T(0.5) * gradient;
      if (!descent::solve_symmetric(damped, way)) continue;
      there = x - way;
      if (!(host.evaluate(there) < value)) continue;
      x = there;
      mu = std::max(mu / T(3), T(1e-12));
      break;
    }
    host.note("mu", double(mu));
  }
};

DESCENT_OPTIMIZER_PLUGIN(LevenbergMarquardt);
