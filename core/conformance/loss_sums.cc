// SPDX-License-Identifier: MIT
// Checks of how a loss combines its samples: weights, reduction, order.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/loss_draws.h"

namespace descent::conformance {
namespace {

constexpr double sum_tolerance = 1e-12;
constexpr auto coupled =
    "it is of the batch as a whole, no sum over samples; declare ratio if it is meant to be";

using Reductions = std::initializer_list<descent_reduction>;
constexpr Reductions reductions = {DESCENT_MEAN, DESCENT_SUM};

// The difference of two answers, relative where the value is large.
double loss_apart(const Answer<double>& a, double factor, const Answer<double>& b) {
  return worse(std::abs(a.value - factor * b.value) / std::max(1.0, std::abs(a.value)),
               largest<double>(a.gradient - factor * b.gradient));
}

// All weights doubled: a sum doubles, and a mean too unless it divides by the weights' sum. No
// weight: no gradient. Weight 2: as a sum over the sample twice.
double weights_of(const host::Plugin& plugin, const Asked& loss, Draws& draws, Form form) {
  double worst = 0;
  for (const auto reduction : reductions) {
    const bool divides = reduction == DESCENT_MEAN && form == DESCENT_CLASSES &&
                         has_trait(plugin, DESCENT_WEIGHTED_MEAN);
    auto once = draws.batch(form, 3, 5);
    once.targets.weights = draws.uniform(1, 5, 0.5, 2);
    auto twice = once;
    twice.targets.weights *= 2;
    worst =
        worse(worst, loss_apart(loss(twice, reduction), divides ? 1 : 2, loss(once, reduction)));
    auto each = once;
    each.targets.weights = arma::repmat(once.targets.weights, 3, 1);
    if (form != DESCENT_CLASSES)
      worst = worse(worst, loss_apart(loss(each, reduction), 1, loss(once, reduction)));
    once.targets.weights(2) = 0;
    worst = worse(worst, largest<double>(loss(once, reduction).gradient.col(2)));
  }
  auto heavy = draws.batch(form, 3, 3);
  const auto repeated = loss(picked(heavy, {0, 1, 1, 2}), DESCENT_SUM);
  heavy.targets.weights = arma::rowvec{1, 2, 1};
  const double value = loss(heavy, DESCENT_SUM).value;
  return worse(worst, std::abs(value - repeated.value) / std::max(1.0, std::abs(value)));
}

Finding weights(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_RATIO) || couples_samples(plugin)) return {0, no_limit, coupled};
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin)) worst = worse(worst, weights_of(plugin, loss, draws, form));
  return {worst, sum_tolerance,
          has_trait(plugin, DESCENT_WEIGHTED_MEAN)
              ? "doubled, zero and repeated samples; declared: a mean over classes divides by them"
              : "doubled, zero and repeated samples"};
}

// With every sample twice, a mean stays and a sum doubles.
Finding reduction(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_RATIO) || couples_samples(plugin)) return {0, no_limit, coupled};
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  std::string divisors;
  for (const auto form : forms(plugin)) {
    const auto batch = draws.batch(form, 3, 5);
    const auto twice = picked(batch, {0, 1, 2, 3, 4, 0, 1, 2, 3, 4});
    const double mean = loss(batch, DESCENT_MEAN).value, sum = loss(batch, DESCENT_SUM).value;
    const double mean_twice = loss(twice, DESCENT_MEAN).value;
    const double sum_twice = loss(twice, DESCENT_SUM).value;
    worst = worse(worst, std::abs(mean_twice - mean) / std::max(1.0, std::abs(mean)));
    worst = worse(worst, std::abs(sum_twice - 2 * sum) / std::max(1.0, std::abs(sum)));
    divisors += fmt::format("{}{:.3g}", divisors.empty() ? "" : ", ", sum / mean);
  }
  return {worst, sum_tolerance,
          fmt::format("samples repeated: mean stays, sum doubles; of 5 samples with 3 outputs the "
                      "mean divides by {}",
                      divisors)};
}

Finding order(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  const arma::uvec columns = {3, 0, 4, 1, 2};
  double worst = 0;
  for (const auto form : forms(plugin))
    for (const auto reduction : reductions) {
      auto batch = draws.batch(form, 3, 5);
      batch.targets.weights = draws.uniform(1, 5, 0.5, 2);
      auto expected = loss(batch, reduction);
      expected.gradient = expected.gradient.cols(columns).eval();
      worst = worse(worst, loss_apart(loss(picked(batch, columns), reduction), 1, expected));
    }
  return {worst, sum_tolerance,
          "samples in another order: the same value, the gradients reordered"};
}

Finding class_weights(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0, least = no_limit;
  for (const auto form : forms(plugin)) {
    const auto batch = draws.batch(form, 3, 5);
    const auto plain = loss(batch, DESCENT_SUM);
    worst = worse(worst, loss_apart(loss(batch, DESCENT_SUM, {1, 1, 1}), 1, plain));
    for (arma::uword c = 0; c < 3; ++c) {
      arma::vec weight(3, arma::fill::ones);
      weight(c) = 3;
      least = std::min(least, loss_apart(loss(batch, DESCENT_SUM, weight), 1, plain));
    }
    auto line = loss(batch, DESCENT_SUM, {3, 3, 3});  // of 1, 2 and 3 the middle is half way
    line.value = (line.value + plain.value) / 2;
    line.gradient = (line.gradient + plain.gradient) / 2;
    worst = worse(worst, loss_apart(loss(batch, DESCENT_SUM, {2, 2, 2}), 1, line));
  }
  const bool idle = !(least > sum_tolerance);
  return {idle ? no_limit : worst, sum_tolerance,
          idle ? "a class weight of 3 changes nothing"
               : "class weights of 1 against none; of 2 against the middle of 1 and 3"};
}

}  // namespace

bool couples_samples(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  for (const auto form : forms(plugin)) {
    const auto batch = draws.batch(form, 3, 5);
    auto other = batch;
    other.prediction.col(0) = other.prediction.col(4);
    const arma::mat a = loss(batch, DESCENT_SUM).gradient, b = loss(other, DESCENT_SUM).gradient;
    if (largest<double>(a.cols(1, 4) - b.cols(1, 4)) > sum_tolerance) return true;
  }
  return false;
}

std::vector<Check> sum_checks(const host::Plugin& plugin) {
  std::vector<Check> all = {{"weights", [plugin] { return weights(plugin); }},
                            {"reduction", [plugin] { return reduction(plugin); }},
                            {"order of samples", [plugin] { return order(plugin); }}};
  if (plugin->class_weight)
    all.push_back({"class weights", [plugin] { return class_weights(plugin); }});
  return all;
}

}  // namespace descent::conformance
