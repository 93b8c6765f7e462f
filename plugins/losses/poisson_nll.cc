// SPDX-License-Identifier: MIT
// Negative log-likelihood of counts under a Poisson distribution.
#include <numbers>

#include "sdk/loss.h"

struct PoissonNll {
  static constexpr auto doc =
      "Poisson negative log-likelihood of counts t; x is a rate or its logarithm";
  static constexpr auto formula = "log_input: exp(x) - t x; else x - t log(x + eps)";
  static constexpr auto source = "PyTorch, PoissonNLLLoss; Stirling 1730";
  static constexpr auto targets = DESCENT_COUNTS;
  static constexpr auto prediction = DESCENT_RATES;
  static constexpr auto log_prediction = "log_input";

  bool log_input = true, full = false;
  double eps = 1e-8;

  void declare(descent::Hyperparameters& hyper) {
    hyper(log_input, "log_input", "the model predicts log rates");
    hyper(full, "full", "add Stirling's approximation of log t! where t > 1");
    hyper(eps, "eps", 0, 1, "added to a rate before the logarithm");
  }

  template <class S>
  S operator()(S x, S t) const {
    const S loss = log_input ? exp(x) - t * x : x - t * log(x + S(eps));
    if (!full || t <= S(1)) return loss;
    return loss + t * log(t) - t + S(0.5) * log(S(2 * std::numbers::pi) * t);
  }
};

DESCENT_LOSS_PLUGIN(PoissonNll);
