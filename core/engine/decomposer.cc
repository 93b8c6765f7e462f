// SPDX-License-Identifier: MIT
#include "engine/decomposer.h"

#include <cmath>

#include "train/prediction.h"

namespace descent {
namespace {

Targets<double> as_targets(const TestSet& test, bool truth) {
  Targets<double> targets;
  targets.values = truth ? test.expectation : test.data.targets;
  if (!truth) targets.classes = test.data.classes;
  return targets;
}

}  // namespace

Decomposer::Decomposer(const Training& training)
    : kind_(training.loss()->prediction),
      divergence_(is_classification(kind_) ? Divergence::cross_entropy
                                           : Divergence::squared_error) {
  const auto& test = training.source().test();
  const bool truth = !test.expectation.is_empty();
  const auto targets = as_targets(test, truth);
  settings_.target_is_truth = truth;
  if (divergence_ == Divergence::squared_error) {
    target_ = targets.values;
    settings_.noise = test.noise;
    settings_.scale = 1 / double(target_.n_rows);
  } else {
    target_ = target_probabilities(kind_, training.model().outputs(), targets);
    if (truth) settings_.noise = mean_entropy(target_);
  }
}

std::string Decomposer::metric() const {
  return divergence_ == Divergence::squared_error ? "mse" : "nll";
}

void Decomposer::add(Accumulator& to, const arma::mat& prediction) const {
  to.add(
      divergence_ == Divergence::squared_error ? prediction : log_probabilities(kind_, prediction),
      target_);
}

Decomposition Decomposer::decompose(std::span<const Accumulator> groups) const {
  return descent::decompose(groups, target_, settings_);
}

}  // namespace descent
