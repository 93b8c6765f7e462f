// SPDX-License-Identifier: MIT
// What the checks of a loss share: batches that it is defined for, and its answers to them.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "conformance/checks.h"
#include "host/loss.h"

namespace descent::conformance {

using Form = descent_targets;  // one of them

inline std::vector<Form> forms(const host::Plugin& plugin) {
  std::vector<Form> all;
  for (const auto form : {DESCENT_NUMBERS, DESCENT_CLASSES, DESCENT_PROBABILITIES, DESCENT_SIGNS,
                          DESCENT_COUNTS, DESCENT_POSITIVE})
    if (plugin->targets & form) all.push_back(form);
  return all;
}

// Logarithms of rates are any values.
inline descent_prediction drawn_as(const host::Plugin& plugin) {
  const bool logarithms =
      plugin->prediction == DESCENT_RATES && plugin.is_on(plugin->log_prediction, defaults(plugin));
  return logarithms || plugin->prediction == DESCENT_LOG_RATES ? DESCENT_VALUES
                                                               : plugin->prediction;
}

struct Batch {
  arma::mat prediction;
  host::Targets<double> targets;
};

// Ordinary predictions and targets of one kind, identical on every call.
class Draws {
 public:
  explicit Draws(const host::Plugin& plugin) : prediction_(drawn_as(plugin)) {}

  Batch batch(Form form, arma::uword k, arma::uword n) {
    Batch batch{prediction(k, n), {}};
    if (form == DESCENT_NUMBERS) batch.targets.values = normal(k, n);
    if (form == DESCENT_PROBABILITIES) batch.targets.values = probabilities(k, n);
    if (form == DESCENT_SIGNS) batch.targets.values = arma::sign(normal(k, n));
    if (form == DESCENT_COUNTS) batch.targets.values = arma::floor(uniform(k, n, 0, 8));
    if (form == DESCENT_POSITIVE) batch.targets.values = uniform(k, n, 0.5, 3);
    if (form == DESCENT_CLASSES)
      for (arma::uword j = 0; j < n; ++j)
        batch.targets.classes.push_back(std::int64_t((j * 7 + 1) % k));
    return batch;
  }

  arma::mat uniform(arma::uword rows, arma::uword cols, double low, double high) {
    std::uniform_real_distribution<double> distribution(low, high);
    arma::mat m(rows, cols);
    for (auto& x : m) x = distribution(engine_);
    return m;
  }

 private:
  bool of_one_class() const {
    return prediction_ == DESCENT_LOGITS || prediction_ == DESCENT_LOG_PROBABILITIES;
  }

  arma::mat normal(arma::uword rows, arma::uword cols) {
    std::normal_distribution<double> distribution;
    arma::mat m(rows, cols);
    for (auto& x : m) x = 1.5 * distribution(engine_);
    return m;
  }

  // Of the k classes of a sample they sum to 1.
  arma::mat probabilities(arma::uword k, arma::uword n) {
    const arma::mat p = uniform(k, n, 0.05, 0.95);
    return of_one_class() ? arma::mat(arma::normalise(p, 1, 0)) : p;
  }

  arma::mat prediction(arma::uword k, arma::uword n) {
    if (prediction_ == DESCENT_BINARY_PROBABILITIES) return uniform(k, n, 0.05, 0.95);
    if (prediction_ == DESCENT_LOG_PROBABILITIES) return arma::log(probabilities(k, n));
    if (prediction_ == DESCENT_RATES) return uniform(k, n, 0.5, 2);
    if (prediction_ == DESCENT_MEANS_AND_VARIANCES)
      return arma::join_cols(normal(k, n), uniform(k, n, 0.5, 2));
    return normal(k, n);
  }

  descent_prediction prediction_;
  std::mt19937_64 engine_{20240229};
};

// The samples in this order; some may be there twice.
inline Batch picked(const Batch& batch, const arma::uvec& columns) {
  Batch other{batch.prediction.cols(columns), {}};
  const auto& targets = batch.targets;
  if (!targets.values.is_empty()) other.targets.values = targets.values.cols(columns);
  if (!targets.weights.is_empty()) other.targets.weights = targets.weights.cols(columns);
  if (!targets.classes.empty())
    for (const auto j : columns) other.targets.classes.push_back(targets.classes[j]);
  return other;
}

template <class T>
struct Answer {
  double value;
  arma::Mat<T> gradient;
};

// The plugin with fixed hyperparameters, evaluated on batches.
class Asked {
 public:
  explicit Asked(const host::Plugin& plugin, std::vector<double> hyperparameters = {})
      : plugin_(plugin),
        hyperparameters_(hyperparameters.empty() ? defaults(plugin) : std::move(hyperparameters)) {}

  template <class T = double>
  Answer<T> operator()(const Batch& batch, descent_reduction reduction = DESCENT_MEAN,
                       const arma::vec& class_weight = {}) const {
    host::Loss<T> loss(plugin_, hyperparameters_, arma::conv_to<arma::Col<T>>::from(class_weight),
                       reduction);
    const arma::Mat<T> x = arma::conv_to<arma::Mat<T>>::from(batch.prediction);
    const host::Targets<T> targets{arma::conv_to<arma::Mat<T>>::from(batch.targets.values),
                                   batch.targets.classes,
                                   arma::conv_to<arma::Mat<T>>::from(batch.targets.weights)};
    // A gradient that is not written stays nan.
    Answer<T> answer{0, arma::Mat<T>(arma::size(x), arma::fill::value(arma::Datum<T>::nan))};
    answer.value = loss.evaluate(x, targets, &answer.gradient);
    return answer;
  }

 private:
  host::Plugin plugin_;
  std::vector<double> hyperparameters_;
};

// The gradient's error against central differences.
inline double difference(const Asked& loss, const Batch& batch, descent_reduction reduction,
                         const arma::vec& class_weight) {
  auto moved = batch;
  std::vector<arma::mat> x = {batch.prediction};
  const std::vector<arma::mat> slope = {loss(batch, reduction, class_weight).gradient};
  return gradient_error_at_kinks(x, slope, [&] {
    moved.prediction = x[0];
    return loss(moved, reduction, class_weight).value;
  });
}

// Whether a sample's gradient depends on the other samples: the loss is of the batch as a whole.
bool couples_samples(const host::Plugin& plugin);

std::vector<Check> sum_checks(const host::Plugin& plugin);    // weights, reduction, samples
std::vector<Check> sense_checks(const host::Plugin& plugin);  // it moves, with all that it reads

}  // namespace descent::conformance
