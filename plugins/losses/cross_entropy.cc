// SPDX-License-Identifier: MIT
// Cross-entropy of logits against classes or class probabilities.
#include "sdk/loss.h"

struct CrossEntropy {
  static constexpr auto doc = "cross-entropy of logits: negative log-likelihood of their softmax";
  static constexpr auto formula = "-sum w log_softmax(x)[y] / sum w[y]";
  static constexpr auto source =
      "PyTorch, CrossEntropyLoss; label smoothing of Szegedy et al. 2016, arXiv:1512.00567";
  static constexpr bool weighted_mean = true;
  static constexpr auto targets = DESCENT_CLASSES | DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_LOGITS;
  static constexpr auto class_weight = "class_weight";

  double label_smoothing = 0;
  int ignore_index = -100;

  void declare(descent::Hyperparameters& hyper) {
    hyper(label_smoothing, "label_smoothing", 0, 1,
          "share of the target that is spread over all classes");
    hyper(ignore_index, "ignore_index", -1'000'000, 1'000'000,
          "number of a class to ignore, from 0: its samples do not count");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& logits,
                             const descent::Target<T>& target) const {
    const auto [weights, divisor] = target.classes(label_smoothing, ignore_index);
    return -sum(weights * log_softmax(logits)) / divisor;
  }
};

DESCENT_LOSS_PLUGIN(CrossEntropy);
