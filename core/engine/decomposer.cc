// SPDX-License-Identifier: MIT
#include "engine/decomposer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "train/prediction.h"

namespace descent {
namespace {

Targets<double> as_targets(const TestSet& test, bool truth) {
  Targets<double> targets;
  targets.values = truth ? test.expectation : test.data.targets;
  if (!truth) targets.classes = test.data.classes;
  return targets;
}

// The states of one type, as the statistics take them.
template <class S>
std::vector<S> only(const std::vector<State>& states) {
  std::vector<S> all;
  for (const auto& state : states) all.push_back(std::get<S>(state));
  return all;
}

// The mean over columns of 1 - sum q^2: what the Brier score of q itself is.
double brier_noise(const arma::mat& q) {
  return 1 - arma::accu(arma::square(q)) / double(q.n_cols);
}

const char* central_prediction(const std::string& metric) {
  if (metric == "nll") return "geomean";
  if (metric == "zero_one") return "mode";
  return metric == "mae" ? "median" : "mean";
}

}  // namespace

std::string primary_metric(const Training& training) {
  return is_classification(training.loss()->prediction) ? "nll" : "mse";
}

std::vector<std::string> decomposed_metrics(const Training& training) {
  const bool classes = is_classification(training.loss()->prediction);
  std::vector<std::string> metrics{primary_metric(training)};
  const auto& wanted = training.settings().record.decompose;
  if (!wanted && classes) return {"nll", "brier", "zero_one"};
  const std::vector<std::string> valid = classes
                                             ? std::vector<std::string>{"nll", "brier", "zero_one"}
                                             : std::vector<std::string>{"mse", "mae"};
  for (const auto& metric : wanted.value_or(std::vector<std::string>{})) {
    if (std::ranges::find(valid, metric) == valid.end())
      throw Error(fmt::format("record.decompose: '{}' does not go with loss '{}'{}", metric,
                              training.settings().loss.plugin.name, suggestion("", valid)));
    if (std::ranges::find(metrics, metric) == metrics.end()) metrics.push_back(metric);
  }
  return metrics;
}

Decomposer::Decomposer(const Training& training) : kind_(training.loss()->prediction) {
  for (const auto& metric : decomposed_metrics(training))
    measures_.push_back(measure(metric, training));
}

// What absolute loss is expected to be needs the whole distribution about f: where that is not
// normal, the labels are the target.
Decomposer::Measure Decomposer::measure(const std::string& metric, const Training& training) const {
  const auto& test = training.source().test();
  Measure m{metric, central_prediction(metric), {}, {}};
  auto& s = m.settings;
  s.normal_sd = test.normal_sd;
  s.target_is_truth = !test.expectation.is_empty() && (metric != "mae" || !std::isnan(s.normal_sd));
  const auto targets = as_targets(test, s.target_is_truth);
  if (!is_classification(kind_)) {
    m.target = targets.values;
    s.noise = test.noise;
    s.scale = 1 / double(m.target.n_rows);
    return m;
  }
  m.target = target_probabilities(kind_, training.model().outputs(), targets);
  if (metric == "brier") s.noise = brier_noise(m.target);
  return m;
}

std::vector<State> Decomposer::empty_states() const {
  std::vector<State> states;
  for (const auto& m : measures_) {
    if (m.metric == "zero_one")
      states.emplace_back(Votes());
    else if (m.metric == "mae")
      states.emplace_back(Predictions());
    else
      states.emplace_back(
          Accumulator(m.metric == "nll" ? Divergence::cross_entropy : Divergence::squared_error));
  }
  return states;
}

void Decomposer::add(std::vector<State>& to, const arma::mat& prediction) const {
  arma::mat log_p;
  if (is_classification(kind_)) log_p = log_probabilities(kind_, prediction);
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    const auto& m = measures_[i];
    if (m.metric == "zero_one")
      std::get<Votes>(to[i]).add(arma::index_max(log_p, 0), m.target);
    else if (m.metric == "mae")
      std::get<Predictions>(to[i]).add(prediction, m.target);
    else
      std::get<Accumulator>(to[i]).add(m.metric == "mse"   ? prediction
                                       : m.metric == "nll" ? log_p
                                                           : arma::mat(arma::exp(log_p)),
                                       m.target);
  }
}

Decomposition Decomposer::decompose(std::size_t i, const std::vector<State>& groups) const {
  const auto& [metric, central, target, settings] = measures_[i];
  if (metric == "zero_one") return descent::decompose(only<Votes>(groups), target, settings);
  if (metric == "mae") return descent::decompose(only<Predictions>(groups), target, settings);
  return descent::decompose(only<Accumulator>(groups), target, settings);
}

}  // namespace descent
