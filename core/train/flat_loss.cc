// SPDX-License-Identifier: MIT
#include "train/flat_loss.h"

#include <algorithm>
#include <exception>

#include "base/random.h"
#include "host/loss.h"

namespace descent::train {
namespace {

constexpr arma::uword most_samples = 256;  // of every class some, in most files

host::Targets<double> first_targets(const data::Dataset& training, arma::uword n) {
  host::Targets<double> targets;
  if (!training.targets.is_empty()) targets.values = training.targets.head_cols(n);
  if (!training.classes.empty())
    targets.classes.assign(training.classes.begin(), training.classes.begin() + long(n));
  if (!training.weights.is_empty()) targets.weights = training.weights.head_cols(n);
  return targets;
}

// Values that the loss is defined for, of this size.
arma::mat drawn(descent_prediction kind, arma::uword outputs, arma::uword n, double size,
                Random& random) {
  arma::mat x(outputs, n);
  x.imbue([&] { return random.normal(0, size); });
  switch (kind) {
    case DESCENT_LOG_PROBABILITIES:
      for (arma::uword j = 0; j < n; ++j) x.col(j) -= std::log(arma::accu(arma::exp(x.col(j))));
      return x;
    case DESCENT_BINARY_PROBABILITIES:
      return 1 / (1 + arma::exp(-x));
    case DESCENT_RATES:
    case DESCENT_MEANS_AND_VARIANCES:
      return arma::exp(x);
    default:
      return x;
  }
}

}  // namespace

bool is_flat(const LossSettings& settings, const host::Plugin& plugin,
             const data::Dataset& training, std::uint64_t outputs) {
  const auto n = std::min<arma::uword>(training.size(), most_samples);
  if (n == 0 || outputs == 0) return false;
  const bool is_limited = plugin->prediction != DESCENT_VALUES;
  Random random(0, "predictions of a flat loss");
  try {
    host::Loss<double> loss(plugin, settings.plugin.hypers, settings.class_weight, DESCENT_SUM);
    const auto targets = first_targets(training, n);
    for (const double size : {1.0, 4.0, is_limited ? 8.0 : 1e3, is_limited ? 0.1 : 1e9})
      if (loss.evaluate(drawn(plugin->prediction, outputs, n, size, random), targets, nullptr) != 0)
        return false;
  } catch (const std::exception&) {
    return false;  // training tells what is wrong
  }
  return true;
}

}  // namespace descent::train
