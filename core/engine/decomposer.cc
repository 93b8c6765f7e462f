// SPDX-License-Identifier: MIT
#include "engine/decomposer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/suggestion.h"
#include "data/weights.h"
#include "train/prediction.h"

namespace descent::engine {
namespace {

host::Targets<double> as_targets(const data::TestSet& test, bool truth) {
  host::Targets<double> targets;
  targets.values = truth ? test.expectation : test.data.targets;
  if (!truth) targets.classes = test.data.classes;
  return targets;
}

// The states of one type, as the statistics take them.
template <class S>
statistics::GroupSource<S> only(const statistics::GroupSource<statistics::State>& states) {
  return {states.size(), [&](std::size_t g) -> const S& { return std::get<S>(states[g]); }};
}

// The Brier score of q itself: the weighted mean over columns of 1 - sum q^2.
double brier_noise(const arma::mat& q, const arma::rowvec& weights) {
  const arma::rowvec squares = arma::sum(arma::square(q), 0);
  return 1 - data::weighted_mean(squares, weights)[0];
}

// Of binary outputs, each output of a test point is a column.
arma::rowvec column_weights(const arma::rowvec& weights, arma::uword columns) {
  if (weights.is_empty()) return weights;
  return arma::vectorise(arma::repmat(weights, columns / weights.n_elem, 1)).t();
}

const char* central_prediction(const std::string& metric) {
  if (metric == "nll") return "geomean";
  if (metric == "zero_one") return "mode";
  return metric == "mae" ? "median" : "mean";
}

// What varies between blocks and within them.
statistics::Attribution attribution_of(const train::ReplicateSettings& s) {
  if (s.layout == train::Layout::single) return {statistics::Design::partitions, "", ""};
  std::vector<std::string> varied;
  if (s.vary_data) varied.emplace_back("data");
  if (s.vary_init) varied.emplace_back("init");
  if (s.vary_order) varied.emplace_back("order");
  const auto design =
      s.layout == train::Layout::nested ? statistics::Design::nested : statistics::Design::crossed;
  return {design, varied.front(),
          fmt::format("{}", fmt::join(varied.begin() + 1, varied.end(), "_"))};
}

bool has_default_hyperparameters(const train::Training& training) {
  const auto& loss = *training.loss();
  const auto& hyperparameters = training.settings().loss.plugin.hyperparameters;
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (hyperparameters[i] != loss->hypers[i].fallback) return false;
  return true;
}

bool is_primary(const train::Training& training) {
  const auto& loss = training.settings().loss;
  if (!loss.class_weight.empty() || loss.is_balanced || !has_default_hyperparameters(training))
    return false;
  const std::vector<std::string> metrics =
      train::is_numeric(training.estimated())
          ? std::vector<std::string>{"mse"}
          : std::vector<std::string>{"cross_entropy", "nll", "bce", "bce_with_logits"};
  return std::ranges::find(metrics, loss.plugin.name) != metrics.end();
}

}  // namespace

std::string primary_metric(const train::Training& training) {
  if (training.estimated() == train::Estimated::nothing) return "none";
  if (train::is_numeric(training.estimated())) return "mse";
  return train::block_size(training.settings().replicates) > 1 ? "brier" : "nll";
}

std::string ranked_by(const train::Training& training) {
  if (training.estimated() == train::Estimated::nothing) return "test_loss";
  const auto& test = training.source().test();
  const bool has_total = test.expectation.is_empty() || !std::isnan(test.noise) ||
                         training.estimated() == train::Estimated::classes;
  const bool in_blocks = train::block_size(training.settings().replicates) > 1;
  return has_total && (in_blocks || is_primary(training)) ? "total" : "test_loss";
}

std::vector<std::string> decomposed_metrics(const train::Training& training) {
  if (!training.loss() || !training.settings().record.is_decomposed) return {};
  const bool decomposes = training.estimated() != train::Estimated::nothing;
  const bool classes = training.estimated() == train::Estimated::classes;
  std::vector<std::string> metrics;
  if (decomposes) metrics.push_back(primary_metric(training));
  const auto& wanted = training.settings().record.decompose;
  const bool in_blocks = train::block_size(training.settings().replicates) > 1;
  if (!wanted && classes && !in_blocks) return {"nll", "brier", "zero_one"};
  const std::vector<std::string> valid = in_blocks || !decomposes ? metrics
                                         : classes
                                             ? std::vector<std::string>{"nll", "brier", "zero_one"}
                                             : std::vector<std::string>{"mse", "mae"};
  for (const auto& metric : wanted.value_or(std::vector<std::string>{})) {
    if (std::ranges::find(valid, metric) == valid.end())
      throw Error::at("record.decompose", fmt::format("'{}' does not go with loss '{}'{}{}", metric,
                                                      training.settings().loss.plugin.name,
                                                      in_blocks ? " over replicates in blocks" : "",
                                                      did_you_mean("", valid)));
    if (std::ranges::find(metrics, metric) == metrics.end()) metrics.push_back(metric);
  }
  return metrics;
}

bool is_decomposed(const train::Training& training) {
  return training.source().test().data.size() > 0 && training.settings().replicates.count > 1 &&
         training.settings().record.is_decomposed && !training.settings().replicates.vary_split &&
         training.estimated() != train::Estimated::nothing;
}

Decomposer::Decomposer(const train::Training& training)
    : kind_((*training.loss())->prediction),
      is_of_classes_(training.estimated() == train::Estimated::classes),
      block_(train::block_size(training.settings().replicates)),
      attribution_(attribution_of(training.settings().replicates)) {
  for (const auto& metric : decomposed_metrics(training))
    measures_.push_back(measure(metric, training));
}

// The expected absolute loss depends on the whole distribution about f: unless it is normal, the
// labels are the target.
Decomposer::Measure Decomposer::measure(const std::string& metric,
                                        const train::Training& training) const {
  const auto& test = training.source().test();
  Measure m{metric, central_prediction(metric), {}, {}};
  auto& s = m.settings;
  s.normal_sd = test.normal_sd;
  s.target_is_truth = !test.expectation.is_empty() && (metric != "mae" || !std::isnan(s.normal_sd));
  const auto targets = as_targets(test, s.target_is_truth);
  if (!is_of_classes_) {
    m.target = targets.values;
    s.noise = test.noise;
    s.scale = 1 / double(m.target.n_rows);
    s.weights = test.data.weights;
    return m;
  }
  m.target = train::target_probabilities(kind_, training.model().outputs(), targets);
  s.weights = column_weights(test.data.weights, m.target.n_cols);
  if (metric == "brier") s.noise = brier_noise(m.target, s.weights);
  return m;
}

std::vector<statistics::State> Decomposer::empty_states() const {
  std::vector<statistics::State> states;
  for (const auto& m : measures_) {
    if (block_ > 1)
      states.emplace_back(statistics::Blocks(block_));
    else if (m.metric == "zero_one")
      states.emplace_back(statistics::Votes());
    else if (m.metric == "mae")
      states.emplace_back(statistics::Predictions());
    else
      states.emplace_back(statistics::Accumulator(m.metric == "nll"
                                                      ? statistics::Divergence::cross_entropy
                                                      : statistics::Divergence::squared_error));
  }
  return states;
}

void Decomposer::add(std::vector<statistics::State>& to, const arma::mat& prediction) const {
  arma::mat log_p;
  if (is_of_classes_) log_p = train::log_probabilities(kind_, prediction);
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    const auto& [metric, central, target, settings] = measures_[i];
    if (auto* votes = std::get_if<statistics::Votes>(&to[i])) {
      votes->add(arma::index_max(log_p, 0), target, settings.weights);
      continue;
    }
    const arma::mat measured = metric == "nll"     ? log_p
                               : metric == "brier" ? arma::mat(arma::exp(log_p))
                                                   : prediction;
    if (auto* blocks = std::get_if<statistics::Blocks>(&to[i]))
      blocks->add(measured, target, settings.weights);
    if (auto* errors = std::get_if<statistics::Predictions>(&to[i])) errors->add(measured, target);
    if (auto* sums = std::get_if<statistics::Accumulator>(&to[i]))
      sums->add(measured, target, settings.weights);
  }
}

// Accumulators have second moments from the second replicate on.
std::uint64_t Decomposer::state_bytes(std::uint64_t replicates) const {
  constexpr std::uint64_t header = 100;
  std::uint64_t bytes = header * measures_.size();
  for (const auto& m : measures_) {
    const std::uint64_t values = m.target.n_elem;
    if (block_ > 1)
      bytes += values * block_ * sizeof(double);
    else if (m.metric == "zero_one")
      bytes += values * sizeof(arma::u32);
    else if (m.metric == "mae")
      bytes += values * replicates * sizeof(double);
    else
      bytes += values * sizeof(double) * (replicates > 1 && m.metric != "nll" ? 2 : 1);
  }
  return bytes;
}

void Decomposer::skip(std::vector<statistics::State>& to) const {
  for (auto& state : to)
    if (auto* blocks = std::get_if<statistics::Blocks>(&state)) blocks->skip();
}

statistics::Decomposition Decomposer::decompose(
    std::size_t i, const statistics::GroupSource<statistics::State>& groups) const {
  const auto& [metric, central, target, settings] = measures_[i];
  if (block_ > 1)
    return descent::statistics::decompose(only<statistics::Blocks>(groups), target, attribution_,
                                          settings);
  if (metric == "zero_one")
    return descent::statistics::decompose(only<statistics::Votes>(groups), target, settings);
  if (metric == "mae")
    return descent::statistics::decompose(only<statistics::Predictions>(groups), target, settings);
  return descent::statistics::decompose(only<statistics::Accumulator>(groups), target, settings);
}

}  // namespace descent::engine
