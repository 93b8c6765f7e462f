// SPDX-License-Identifier: MIT
// Checks that a loss reacts to all that it reads: predictions, targets, hyperparameters; and to
// nothing else.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include <algorithm>

#include "conformance/hyperparameter_changes.h"
#include "conformance/loss_draws.h"

namespace descent::conformance {
namespace {

// Batches of every kind of target.
std::vector<Batch> batches(const host::Plugin& plugin, arma::uword samples) {
  Draws draws(plugin);
  std::vector<Batch> all;
  for (const auto form : forms(plugin)) all.push_back(draws.batch(form, 3, samples));
  return all;
}

bool differ(const Answer<double>& a, const Answer<double>& b) {
  return !(std::abs(a.value - b.value) <= 1e-12 &&
           largest<double>(a.gradient - b.gradient) <= 1e-12);
}

// A sample alone may say nothing in a loss of pairs or ratios.
Finding loss_moves(const host::Plugin& plugin) {
  const Asked loss(plugin);
  std::vector<std::string> still;
  for (const arma::uword samples : {5, 1}) {
    if (samples == 1 && has_trait(plugin, DESCENT_RATIO)) continue;
    for (const auto& batch : batches(plugin, samples)) {
      const auto here = loss(batch);
      auto moved = batch;
      moved.prediction = 0.9 * batch.prediction + 0.1 * batch.prediction.max();
      const bool flat = largest<double>(here.gradient) == 0;
      if (flat || std::abs(loss(moved).value - here.value) == 0)
        still.push_back(fmt::format("{} sample{}", samples, samples == 1 ? "" : "s"));
    }
  }
  return {double(still.size()), 0,
          still.empty() ? "batches with a loss that does not move with the predictions"
                        : fmt::format("the loss does not move with the predictions of {}",
                                      fmt::join(still, ", "))};
}

// Rows of the prediction that no sample of many gives a gradient.
Finding every_output(const host::Plugin& plugin) {
  const Asked loss(plugin);
  double still = 0;
  for (const auto& batch : batches(plugin, 40)) {
    const auto gradient = loss(batch).gradient;
    for (arma::uword i = 0; i < gradient.n_rows; ++i)
      if (largest<double>(gradient.row(i)) == 0) ++still;
  }
  return {still, 0, "outputs that never have a gradient, in 40 samples"};
}

Batch with_other_targets(Batch batch) {
  auto& targets = batch.targets;
  auto& classes = targets.classes;
  std::rotate(classes.begin(), classes.begin() + (classes.empty() ? 0 : 1), classes.end());
  if (!targets.values.is_empty()) targets.values = arma::shift(targets.values, 1, 1);
  return batch;
}

Finding reads_targets(const host::Plugin& plugin) {
  const Asked loss(plugin);
  double deaf = 0;
  for (const auto& batch : batches(plugin, 5))
    if (!differ(loss(batch), loss(with_other_targets(batch)))) ++deaf;
  return {deaf, 0, "kinds of targets that change nothing"};
}

Finding loss_hyperparameters_act(const host::Plugin& plugin) {
  auto all = batches(plugin, 5);
  for (auto far : batches(plugin, 5)) {
    if (drawn_as(plugin) == DESCENT_VALUES || drawn_as(plugin) == DESCENT_BINARY_LOGITS)
      far.prediction *= 10, all.push_back(far);
  }
  return idle(plugin, [&](std::size_t i) {
    for (const auto& from : bases(plugin))
      for (const auto& other : changed_from(plugin, from, i))
        for (const auto& batch : all)
          if (differ(Asked(plugin, from)(batch), Asked(plugin, other)(batch))) return true;
    return false;
  });
}

template <class T>
double loss_remembered(const host::Plugin& plugin) {
  host::Loss<T> loss(plugin, defaults(plugin), {}, DESCENT_MEAN);
  const auto answer = [&](const Batch& batch, std::byte rubbish, bool with_gradient) {
    mallopt(M_PERTURB, int(rubbish));
    loss.fill_scratch(rubbish);
    const arma::Mat<T> x = arma::conv_to<arma::Mat<T>>::from(batch.prediction);
    const host::Targets<T> targets{
        arma::conv_to<arma::Mat<T>>::from(batch.targets.values), batch.targets.classes, {}};
    Answer<double> one{0, arma::zeros(arma::size(x))};
    arma::Mat<T> gradient(arma::size(x));
    one.value = loss.evaluate(x, targets, with_gradient ? &gradient : nullptr);
    one.gradient = arma::conv_to<arma::mat>::from(gradient);
    mallopt(M_PERTURB, 0);
    return one;
  };
  double worst = 0;
  const auto large = batches(plugin, 40);
  std::size_t i = 0;
  for (const auto& batch : batches(plugin, 5)) {
    const auto first = answer(batch, std::byte{0}, true);
    answer(large[i++], std::byte{0xff}, true);
    const auto again = answer(batch, std::byte{0xff}, true),
               other = answer(batch, std::byte{0x3f}, true);
    for (const auto& next : {again, other})
      worst = worse(worst, worse(std::abs(next.value - first.value),
                                 largest<double>(next.gradient - first.gradient)));
    // Without a gradient, sums may be formed in another order.
    const double alone = answer(batch, std::byte{0xff}, false).value;
    const double limit = sizeof(T) == 4 ? 1e-5 : 1e-12;
    if (!(std::abs(alone - first.value) <= limit * std::max(1.0, std::abs(alone))))
      worst = worse(worst, std::abs(alone - first.value));
  }
  return worst;
}

Finding loss_memory(const host::Plugin& plugin) {
  return {worse(loss_remembered<double>(plugin), loss_remembered<float>(plugin)), 0,
          "the same batch again, after another one, in other working memory, and without gradient"};
}

// Predictions that are right, and as wrong as they can be; empty where neither is known.
std::pair<arma::mat, arma::mat> right_and_wrong(const host::Plugin& plugin, const Batch& batch) {
  const auto& t = batch.targets;
  arma::mat p = t.values;
  if (!t.classes.empty()) {
    p.zeros(3, t.classes.size());
    for (arma::uword j = 0; j < p.n_cols; ++j) p(arma::uword(t.classes[j]), j) = 1;
  } else if (plugin.is_on(plugin->log_target, defaults(plugin))) {
    p = arma::exp(p);
  }
  const arma::mat wrong = arma::shift(p, 1, 0);
  switch (drawn_as(plugin)) {
    case DESCENT_LOGITS:
    case DESCENT_LOG_PROBABILITIES: {
      const arma::mat right = arma::log(0.98 * p + 0.02 / 3),
                      other = arma::log(0.98 * wrong + 0.02 / 3);
      return {right, other};
    }
    case DESCENT_BINARY_LOGITS: {
      if (p.min() < 0) return {3 * p, -3 * p};
      const arma::mat q = 0.98 * p + 0.01, odds = arma::log(q / (1 - q));
      return {odds, -odds};
    }
    case DESCENT_BINARY_PROBABILITIES:
      return {0.98 * p + 0.01, 0.99 - 0.98 * p};
    case DESCENT_MEANS_AND_VARIANCES: {
      const arma::mat one = arma::ones(arma::size(p));
      return {arma::join_cols(p, one), arma::join_cols(p + 5, one)};
    }
    case DESCENT_RATES:
      return {p + 0.1, 9 * p + 5};
    default:
      return {};
  }
}

Finding prefers_target(const host::Plugin& plugin) {
  const Asked loss(plugin);
  double worst = 0;
  bool known = false;
  for (auto batch : batches(plugin, 5)) {
    const bool numbers = batch.targets.classes.empty();
    if (numbers && drawn_as(plugin) == DESCENT_LOGITS && batch.targets.values.min() < 0) continue;
    const auto [right, wrong] = right_and_wrong(plugin, batch);
    if (right.is_empty()) continue;
    known = true;
    batch.prediction = right;
    const double best = loss(batch).value;
    batch.prediction = wrong;
    if (!(best < loss(batch).value)) ++worst;
  }
  return {worst, known ? 0 : no_limit,
          known ? "kinds of targets for which a wrong prediction costs no more than the right one"
                : "of values the best prediction is not known; declare minimum_at_target if it is"};
}

}  // namespace

std::vector<Check> sense_checks(const host::Plugin& plugin) {
  return {{"moves", [plugin] { return loss_moves(plugin); }},
          {"every output", [plugin] { return every_output(plugin); }},
          {"targets", [plugin] { return reads_targets(plugin); }},
          {"prefers the target", [plugin] { return prefers_target(plugin); }},
          {"hyperparameters", [plugin] { return loss_hyperparameters_act(plugin); }},
          {"no memory", [plugin] { return loss_memory(plugin); }}};
}

}  // namespace descent::conformance
