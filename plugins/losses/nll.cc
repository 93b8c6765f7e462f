// SPDX-License-Identifier: MIT
// Negative log-likelihood of log-probabilities.
#include "sdk/loss.h"

struct NegativeLogLikelihood {
  static constexpr auto doc = "negative log-likelihood: minus the log-probability of the class";
  static constexpr auto formula = "-sum w[y] x[y] / sum w[y]";
  static constexpr auto source = "PyTorch, NLLLoss";
  static constexpr bool weighted_mean = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOG_PROBABILITIES;
  static constexpr auto class_weight = "class_weight";

  int ignore_index = -100;

  void declare(descent::Hyperparameters& hyper) {
    hyper(ignore_index, "ignore_index", -1'000'000, 1'000'000,
          "number of a class to ignore, from 0: its samples do not count");
  }

  // Where the weight is 0 the log-probability may be -infinity: it must not enter a product.
  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& log_probabilities,
                             const descent::Target<T>& target) const {
    const auto [weights, divisor] = target.classes(0, ignore_index);
    return -sum(where(weights, weights * log_probabilities, 0.0 * weights)) / divisor;
  }
};

DESCENT_LOSS_PLUGIN(NegativeLogLikelihood);
