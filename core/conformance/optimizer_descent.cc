// SPDX-License-Identifier: MIT
// Checks of an optimizer's purpose: it descends, in every weight, within an effort.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/hyperparameter_changes.h"
#include "conformance/optimizer_checks.h"
#include "conformance/test_problems.h"
#include "host/optimizer.h"

namespace descent::conformance {
namespace {

constexpr int many_steps = 20'000;
constexpr std::uint64_t many_evaluations = 50'000;  // or evaluating rules would take minutes

// Where a descent ended, and after how many steps.
struct Descent {
  arma::vec end;
  int steps = 0;
};

template <class Next>
Descent descend(const host::Plugin& plugin, const TestProblem& test, Next&& next) {
  arma::vec x = test.start, gradient;
  host::Optimizer<double> optimizer(plugin, with_settings(plugin, plugin->settings), x.n_elem,
                                    test.blocks, many_steps);
  std::uint64_t evaluations = 0;
  int t = 0;
  while (t < many_steps && evaluations < many_evaluations) {
    ++t;
    const Problem& now = next();
    now(x, gradient);
    optimizer.step(x, gradient, std::uint64_t(t), std::uint64_t(t),
                   [&](const arma::vec& at, arma::vec* slope) {
                     ++evaluations;
                     arma::vec there;
                     const double value = now(at, there);
                     if (slope) *slope = there;
                     return value;
                   });
  }
  return {optimizer.evaluation_weights(x), t};
}

std::string under(const host::Plugin& plugin, int steps) {
  return fmt::format(
      "is left after {} steps {}", steps,
      plugin->settings ? std::string("at ") + plugin->settings : std::string("at the defaults"));
}

// The share of the objective that remains: 1 is no descent at all.
Finding descends(const host::Plugin& plugin, const TestProblem& test) {
  const auto next = [&]() -> const Problem& { return test.problem; };
  const auto [end, steps] = descend(plugin, test, next);
  arma::vec gradient;
  const double left = test.problem(end, gradient) / test.problem(test.start, gradient);
  return {left, 0.5, "of the start's value " + under(plugin, steps)};
}

// Of the sum of squares each weight has its own share, and every block its weights.
Finding descends_everywhere(const host::Plugin& plugin) {
  const auto test = bowl();
  const auto next = [&]() -> const Problem& { return test.problem; };
  const auto [end, steps] = descend(plugin, test, next);
  const double worst = largest<double>(end);
  const arma::uword at = arma::abs(end).index_max();
  std::string block;
  for (const auto& one : test.blocks)
    if (at >= one.offset) block = one.name;
  return {worst * worst, 0.5,
          fmt::format("of the worst weight's square, in {}, {}", block, under(plugin, steps))};
}

Finding descends_in_noise(const host::Plugin& plugin) {
  NoisyLine line;
  const TestProblem test{
      line.whole(), {0, 0}, {{"linear0.weight", 0, 1, 1, false}, {"linear0.bias", 1, 1, 1, true}}};
  Problem batch;
  const auto next = [&]() -> const Problem& { return batch = line.next(); };
  const auto [end, steps] = descend(plugin, test, next);
  arma::vec gradient;
  const double left = test.problem(end, gradient) / test.problem(test.start, gradient);
  return {left, 0.5, "of the start's value " + under(plugin, steps)};
}

// As training counts them: one for the gradient of the step, and those that the step asks for.
Finding evaluations(const host::Plugin& plugin) {
  constexpr std::uint64_t steps = 20;
  const auto test = banana();
  arma::vec x = test.start, gradient;
  host::Optimizer<double> optimizer(plugin, with_settings(plugin, plugin->settings), x.n_elem,
                                    test.blocks, steps);
  double count = 0;
  const host::Objective<double> counted = [&](const arma::vec& at, arma::vec* slope) {
    ++count;
    arma::vec there;
    const double value = test.problem(at, there);
    if (slope) *slope = there;
    return value;
  };
  for (std::uint64_t t = 1; t <= steps; ++t) {
    counted(x, &gradient);
    optimizer.step(x, gradient, t, t, counted);
  }
  return {count / double(steps), no_limit,
          fmt::format("evaluations a step, over {} steps of Rosenbrock", steps)};
}

}  // namespace

std::vector<Check> descent_checks(const host::Plugin& plugin) {
  return {{"descends a bowl", [plugin] { return descends_everywhere(plugin); }},
          {"descends ill-conditioned", [plugin] { return descends(plugin, ill_conditioned()); }},
          {"descends Rosenbrock", [plugin] { return descends(plugin, banana()); }},
          {"descends a noisy line", [plugin] { return descends_in_noise(plugin); }},
          {"evaluations", [plugin] { return evaluations(plugin); }}};
}

}  // namespace descent::conformance
