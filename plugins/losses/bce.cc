// SPDX-License-Identifier: MIT
// Binary cross-entropy of probabilities.
#include "sdk/loss.h"

struct BinaryCrossEntropy {
  static constexpr auto doc =
      "binary cross-entropy of probabilities x: -(t log x + (1-t) log(1-x)), logs clamped at -100";
  static constexpr auto formula = "-(t log x + (1-t) log(1-x)), logs clamped at -100";
  static constexpr auto source = "PyTorch, BCELoss";
  static constexpr bool minimum_at_target = true;
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_BINARY_PROBABILITIES;

  template <class T>
  T value(T x, T t) const {
    return -(t * std::max(std::log(x), T(-100)) + (1 - t) * std::max(std::log1p(-x), T(-100)));
  }

  // PyTorch's: not that of the clamped value, so that a probability of 0 or 1 can still move.
  template <class T>
  T derivative(T x, T t) const {
    return (x - t) / std::max(x * (1 - x), T(1e-12));
  }

  // Of derivative(), where its divisor is constant once it is clamped.
  template <class T>
  T curvature(T x, T t) const {
    const T spread = x * (1 - x);
    if (spread < T(1e-12)) return T(1e12);
    return (spread - (x - t) * (1 - 2 * x)) / (spread * spread);
  }
};

DESCENT_LOSS_PLUGIN(BinaryCrossEntropy);
