// SPDX-License-Identifier: MIT
// Lookahead (Zhang et al. 2019, algorithm 1).
#include "sdk/optimizer.h"

struct Lookahead {
  static constexpr auto doc =
      "Lookahead: k steps of another optimizer, then slow weights move towards the fast ones by "
      "alpha";
  static constexpr auto formula =
      "x by the base; every k steps slow += alpha (x - slow), x = slow; initially slow = x_0";
  static constexpr auto source = "Zhang et al. 2019, arXiv:1907.08610, algorithm 1";
  static constexpr auto base = "adam";

  double alpha = 0.5;
  int k = 5;

  void declare(descent::Hyperparameters& hyper) {
    hyper(alpha, "alpha", 0, 1, "share of the way from the slow to the fast weights");
    hyper(k, "k", 1, 1'000'000, "steps of the base per update of the slow weights");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& slow) const {
    if (host.t() == 1) slow = x;
    host.step_base(x, gradient);
    if (std::fmod(host.t(), k) != 0) return;
    slow += T(alpha) * (x - slow);
    x = slow;
  }
};

DESCENT_OPTIMIZER_PLUGIN(Lookahead);
