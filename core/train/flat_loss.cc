// SPDX-License-Identifier: MIT
#include "train/flat_loss.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <vector>

#include "base/random.h"
#include "host/loss.h"

namespace descent::train {
namespace {

constexpr arma::uword few = 256;

host::Targets<double> targets_of(const data::Dataset& samples) {
  return {samples.targets, samples.classes, samples.weights};
}

// So many of them, all over the set: files are often sorted by class.
data::Dataset some_of(const data::Dataset& all, arma::uword count) {
  std::vector<std::uint64_t> indices;
  for (arma::uword i = 0; i < count; ++i) indices.push_back(i * all.size() / count);
  return data::select(all, indices);
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

// Of some very different predictions.
bool is_always_zero(host::Loss<double>& loss, const data::Dataset& samples, arma::uword outputs) {
  const auto kind = loss.plugin()->prediction;
  const bool is_limited = kind != DESCENT_VALUES;
  const auto targets = targets_of(samples);
  Random random(0, "predictions of a flat loss");
  for (const double size : {1.0, 4.0, is_limited ? 8.0 : 1e3, is_limited ? 0.1 : 1e9}) {
    const auto prediction = drawn(kind, outputs, samples.size(), size, random);
    if (loss.evaluate(prediction, targets, nullptr) != 0) return false;
  }
  return true;
}

}  // namespace

bool is_flat(const LossSettings& settings, const host::Plugin& plugin,
             const data::Dataset& training, std::uint64_t outputs) {
  const auto n = training.size();
  if (n == 0 || outputs == 0) return false;
  try {
    host::Loss<double> loss(plugin, settings.plugin.hyperparameters, settings.class_weight,
                            DESCENT_SUM);
    if (!is_always_zero(loss, some_of(training, std::min<arma::uword>(n, few)), outputs))
      return false;
    // A class with a weight may be rare. A loss of whole batches would take n^2 of memory.
    const bool is_of_batches = plugin->prediction == DESCENT_VALUES && !training.classes.empty();
    return n <= few || is_of_batches || is_always_zero(loss, training, outputs);
  } catch (const std::exception&) {
    return false;  // training tells what is wrong
  }
}

}  // namespace descent::train
