// SPDX-License-Identifier: MIT
// The generalized cross-entropy (Zhang & Sabuncu 2018, equation 6), for labels that may be wrong.
#include "sdk/loss.h"

struct GeneralizedCrossEntropy {
  static constexpr auto doc =
      "generalized cross-entropy: between cross-entropy (q towards 0) and mean absolute error (q = "
      "1)";
  static constexpr auto formula = "sum w (1 - p[y]^q) / q / sum w[y], p = softmax(x)";
  static constexpr auto source = "Zhang & Sabuncu 2018, arXiv:1805.07836, equation 6";
  static constexpr bool weighted_mean = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;
  static constexpr auto class_weight = "class_weight";

  double q = 0.7;

  void declare(descent::Hyperparameters& hyper) {
    hyper(q, "q", 1e-6, 1, "the larger, the less a wrong label counts");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& logits,
                             const descent::Target<T>& target) const {
    const auto [weights, divisor] = target.classes(0, descent::Target<T>::none_ignored);
    return sum(weights * (1.0 - exp(q * log_softmax(logits)))) / (q * divisor);
  }
};

DESCENT_LOSS_PLUGIN(GeneralizedCrossEntropy);
