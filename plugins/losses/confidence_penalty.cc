// SPDX-License-Identifier: MIT
// Cross-entropy with a penalty on confident predictions (Pereyra et al. 2017, section 3).
#include "sdk/loss.h"

struct ConfidencePenalty {
  static constexpr auto doc =
      "cross-entropy minus beta times the entropy of the predicted distribution";
  static constexpr auto formula =
      "sum w (-log p[y] - beta H(p)) / sum w[y], H(p) = -sum p log p, p = softmax(x)";
  static constexpr auto source = "Pereyra et al. 2017, arXiv:1701.06548";
  static constexpr bool weighted_mean = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;
  static constexpr auto class_weight = "class_weight";

  double beta = 0.1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(beta, "beta", 0, 1e3, "strength of the penalty on low entropy");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& logits,
                             const descent::Target<T>& target) const {
    const auto [weights, divisor] = target.classes(0, descent::Target<T>::none_ignored);
    const auto log_p = log_softmax(logits);
    const auto entropy = -sum(exp(log_p) * log_p, 0);  // of each sample
    return -(sum(weights * log_p) + beta * sum(sum(weights, 0) * entropy)) / divisor;
  }
};

DESCENT_LOSS_PLUGIN(ConfidencePenalty);
