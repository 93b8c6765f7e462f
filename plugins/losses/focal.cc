// SPDX-License-Identifier: MIT
// The focal loss (Lin et al. 2017, equation 5), binary, of logits.
#include "sdk/loss.h"

struct Focal {
  static constexpr auto doc =
      "focal loss: binary cross-entropy of logits that down-weights well classified samples";
  static constexpr auto formula =
      "-a (1-p)^gamma log p, p = sigmoid((2t-1) x), a = alpha t + (1-alpha) (1-t)";
  static constexpr auto source = "Lin et al. 2017, arXiv:1708.02002, equation 5";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_BINARY_LOGITS;

  double gamma = 2, alpha = 0.25;

  void declare(descent::Hyperparameters& hyper) {
    hyper(gamma, "gamma", 0, 1e3, "how strongly well classified samples are down-weighted");
    hyper(alpha, "alpha", -1, 1,
          "weight of target 1; target 0 has weight 1 - alpha; below 0: both have weight 1");
  }

  // 1 - p = sigmoid(-z) = exp(-softplus(z)), so that its power has a slope where it is 0.
  template <class S>
  S operator()(S x, S t) const {
    const S z = (S(2) * t - S(1)) * x;
    const S balance = alpha < 0 ? S(1) : S(alpha) * t + S(1 - alpha) * (S(1) - t);
    return balance * exp(S(-gamma) * softplus(z)) * softplus(-z);
  }
};

DESCENT_LOSS_PLUGIN(Focal);
