// SPDX-License-Identifier: MIT
// Cautious optimizers (Liang et al. 2024, algorithm 1).
#include "sdk/optimizer.h"

struct Cautious {
  static constexpr auto doc =
      "cautious: of another optimizer's step only the parts that go downhill, scaled up to its "
      "length";
  static constexpr auto formula =
      "u = the base's step from x; m_i = 1 where u_i g_i < 0, else 0; x += n / (1 + sum m) m u";
  static constexpr auto source = "Liang et al. 2024, arXiv:2411.16085, algorithm 1";
  static constexpr auto base = "adamw";

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    auto [start] = host.template working<1>();
    start = x;
    host.step_base(x, gradient);
    const auto goes_down = [&, &start = start](arma::uword i) {
      return (x[i] - start[i]) * gradient[i] < 0;
    };
    double kept = 0;
    for (arma::uword i = 0; i < x.n_elem; ++i) kept += goes_down(i);
    const T scale = T(double(x.n_elem) / (1 + kept));
    for (arma::uword i = 0; i < x.n_elem; ++i)
      x[i] = goes_down(i) ? start[i] + scale * (x[i] - start[i]) : start[i];
  }
};

DESCENT_OPTIMIZER_PLUGIN(Cautious);
