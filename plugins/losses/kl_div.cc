// SPDX-License-Identifier: MIT
// Kullback-Leibler divergence of log-probabilities (Kullback & Leibler 1951), element by element.
#include "sdk/loss.h"

struct KullbackLeibler {
  static constexpr auto doc =
      "Kullback-Leibler divergence from log-probabilities x to probabilities t";
  static constexpr auto formula = "t (log t - x), 0 where t = 0";
  static constexpr auto source = "Kullback & Leibler 1951; PyTorch, KLDivLoss";
  static constexpr auto targets = DESCENT_PROBABILITIES;
  static constexpr auto prediction = DESCENT_LOG_PROBABILITIES;
  static constexpr auto log_target = "log_target";

  bool logarithmic = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(logarithmic, "log_target", "targets are log-probabilities");
  }

  template <class T>
  T value(T x, T t) const {
    if (logarithmic) return std::exp(t) * (t - x);
    return t == 0 ? T(0) : t * (std::log(t) - x);
  }

  template <class T>
  T derivative(T, T t) const {
    return logarithmic ? -std::exp(t) : -t;
  }

  template <class T>
  T curvature(T, T) const {
    return 0;
  }
};

DESCENT_LOSS_PLUGIN(KullbackLeibler);
