// SPDX-License-Identifier: MIT
// Checks that a penalty reacts to all that it reads, weights and hyperparameters, and to nothing
// else.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include <algorithm>

#include "conformance/hyperparameter_changes.h"
#include "conformance/weight_draws.h"

namespace descent::conformance {
namespace {

// A constraint has a penalty of 0, but moves what violates it.
Finding penalty_moves(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  double moved = 0, slope = 0, shrunk = 0;
  for (const double scale : {0.1, 1.0, 1000.0}) {
    const arma::vec w = draws.vector(scale), other = draws.vector(2 * scale);
    arma::vec gradient(weight_count, arma::fill::zeros), u = w;
    const double value = penalty.penalty(w, &gradient);
    moved = std::max(moved, std::abs(value - penalty.penalty(other, nullptr)));
    slope = std::max(slope, largest<double>(gradient));
    if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
    shrunk = std::max(shrunk, largest<double>(u - w));
  }
  std::vector<std::string> idle;
  const bool constraint = !plugin->penalty[DESCENT_F64];
  if (!constraint && !(moved > 0)) idle.emplace_back("the penalty is the same for all weights");
  if (!constraint && !(slope > 0)) idle.emplace_back("the gradient is always 0");
  if (plugin->proximal[DESCENT_F64] && !(shrunk > 0))
    idle.emplace_back("the proximal step moves nothing");
  return {double(idle.size()), 0,
          idle.empty() ? "of penalty, gradient and proximal step that do nothing"
                       : fmt::format("{}", fmt::join(idle, "; "))};
}

// What the plugin makes of given weights: penalty, gradient and proximal step in one vector.
template <class T>
arma::vec answer(const host::Plugin& plugin, host::Regularizer<T>& penalty,
                 const arma::vec& given) {
  const arma::Col<T> w = arma::conv_to<arma::Col<T>>::from(given);
  arma::Col<T> gradient(w.n_elem, arma::fill::zeros), u = w;
  const double value = penalty.penalty(w, &gradient);
  if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
  arma::vec all = arma::join_cols(arma::vec{value}, arma::conv_to<arma::vec>::from(gradient));
  return arma::join_cols(all, arma::conv_to<arma::vec>::from(u));
}

bool differ(const host::Plugin& plugin, const Values& one, const Values& other) {
  WeightDraws draws;
  host::Regularizer<double> a(plugin, one, weight_blocks), b(plugin, other, weight_blocks);
  for (const double scale : {0.1, 1.0, 10.0}) {
    const arma::vec w = draws.vector(scale);
    if (!(largest<double>(answer(plugin, a, w) - answer(plugin, b, w)) <= 1e-12)) return true;
  }
  return false;
}

Finding penalty_hyperparameters_act(const host::Plugin& plugin) {
  return idle(plugin, [&](std::size_t i) {
    for (const auto& from : bases(plugin))
      for (const auto& other : changed_from(plugin, from, i))
        if (differ(plugin, from, other)) return true;
    return false;
  });
}

template <class T>
double penalty_remembered(const host::Plugin& plugin) {
  auto penalty = at_work<T>(plugin);
  host::Regularizer<T> of_all(plugin, strong(plugin), weight_and_bias_blocks);
  WeightDraws draws;
  const arma::vec w = draws.vector();
  const arma::vec first = answer<T>(plugin, penalty, w);
  double worst = 0;
  for (const int rubbish : {0xff, 0x3f}) {
    mallopt(M_PERTURB, rubbish);
    answer<T>(plugin, of_all, draws.vector(1, weight_and_bias_count));
    penalty.fill_scratch(std::byte(rubbish));
    worst = worse(worst, largest<double>(answer<T>(plugin, penalty, w) - first));
  }
  mallopt(M_PERTURB, 0);
  return worst;
}

Finding penalty_memory(const host::Plugin& plugin) {
  return {worse(penalty_remembered<double>(plugin), penalty_remembered<float>(plugin)), 0,
          "the same weights again, after others and in other working memory"};
}

Finding leaves_weights(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  const arma::vec w = WeightDraws().vector(), kept = WeightDraws().vector();
  arma::vec gradient(weight_count, arma::fill::zeros);
  const double with = penalty.penalty(w, &gradient), without = penalty.penalty(w, nullptr);
  const double off = std::abs(with - without) / std::max(1.0, std::abs(with));
  return {worse(largest<double>(w - kept), off > 1e-12 ? off : 0), 0,
          "change of the weights it was given, and of the penalty without gradient"};
}

// Weights of neither matrix may be left out: each has a gradient, or the proximal step moves it.
Finding every_weight(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  arma::uvec idle(weight_count, arma::fill::ones);
  for (const double scale : {0.1, 1.0, 1000.0}) {
    const arma::vec w = draws.vector(scale);
    arma::vec gradient(weight_count, arma::fill::zeros), u = w;
    penalty.penalty(w, &gradient);
    if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
    idle %= (gradient == 0) % (u == w);
  }
  return {double(arma::accu(idle)), 0, "weights of two matrices that are never penalized"};
}

// The penalty and its gradient double with lambda.
Finding strength(const host::Plugin& plugin, std::size_t i) {
  auto once = strong(plugin);
  once[i] = 0.5;
  auto twice = once;
  twice[i] = 1;
  host::Regularizer<double> a(plugin, once, weight_blocks), b(plugin, twice, weight_blocks);
  const arma::vec w = WeightDraws().vector();
  arma::vec of_a(weight_count, arma::fill::zeros), of_b = of_a;
  const double value = a.penalty(w, &of_a), doubled = b.penalty(w, &of_b);
  return {worse(std::abs(doubled - 2 * value) / std::max(1.0, std::abs(doubled)),
                largest<double>(of_b - 2 * of_a) / std::max(1.0, largest<double>(of_b))),
          1e-12, "penalty and gradient double with lambda"};
}

}  // namespace

std::vector<Check> penalty_sense_checks(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"moves", [plugin] { return penalty_moves(plugin); }},
      {"every weight", [plugin] { return every_weight(plugin); }},
      {"hyperparameters", [plugin] { return penalty_hyperparameters_act(plugin); }},
      {"no memory", [plugin] { return penalty_memory(plugin); }},
      {"weights are left alone", [plugin] { return leaves_weights(plugin); }}};
  const int i = plugin.hyperparameter_index("lambda");
  if (i >= 0 && plugin->penalty[DESCENT_F64] && plugin.objection(std::size_t(i), 0.5).empty() &&
      plugin.objection(std::size_t(i), 1).empty())
    all.push_back({"strength", [plugin, i] { return strength(plugin, std::size_t(i)); }});
  return all;
}

}  // namespace descent::conformance
