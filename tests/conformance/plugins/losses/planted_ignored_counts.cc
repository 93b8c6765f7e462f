// SPDX-License-Identifier: MIT
// Planted: samples of the ignored class count in the mean.
#include "sdk/loss.h"

struct IgnoredCounts {
  static constexpr auto doc = "cross-entropy of logits";
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_LOGITS;
  static constexpr bool weighted_mean = true;

  int ignore_index = -100;

  void declare(descent::Hyperparameters& hyper) {
    hyper(ignore_index, "ignore_index", -1'000'000, 1'000'000, "class to ignore, from 0");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& logits,
                             const descent::Target<T>& target) const {
    const auto weights = target.classes(0, ignore_index).coefficients;
    const double all = target.classes(0, descent::Target<T>::none_ignored).divisor;
    return -sum(weights * log_softmax(logits)) / all;
  }
};

DESCENT_LOSS_PLUGIN(IgnoredCounts);
