// SPDX-License-Identifier: MIT
// Checks of an optimizer's hyperparameters: each has an effect, at any time, and decay is of the
// kind that its description names.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "conformance/hyperparameter_changes.h"
#include "conformance/optimizer_checks.h"
#include "conformance/walk.h"

namespace descent::conformance {
namespace {

constexpr arma::uword change = 10;

// Gradients of ordinary size, and small ones, for thresholds and what is added to roots.
std::vector<Course> courses() {
  auto small = Course::usual(20, 5);
  small.gradients *= 1e-4;
  return {Course::usual(20), small};
}

// Nothing where the rule refuses to go on.
std::optional<arma::mat> try_trajectory(const host::Plugin& plugin, const Values& hyperparameters,
                                        const Course& course, const Before<double>& before = {}) {
  try {
    return trajectory<double>(plugin, hyperparameters, course, before);
  } catch (const std::runtime_error&) {
    return {};
  }
}

bool differ(const std::optional<arma::mat>& a, const std::optional<arma::mat>& b,
            const Course& course) {
  return !a || !b || !(trajectory_distance(*a, *b, course.start) <= visible);
}

// Calls visit(base, course, changed, its trajectory, the base's trajectory) until it returns true.
template <class Visit>
bool any_turn(const host::Plugin& plugin, std::size_t i, Visit&& visit) {
  for (const auto& from : bases(plugin))
    for (const auto& course : courses()) {
      const auto plain = try_trajectory(plugin, from, course);
      if (!plain) continue;
      for (const auto& other : changed_from(plugin, from, i))
        if (visit(from, course, other, *plain)) return true;
    }
  return false;
}

Finding step_hyperparameters_act(const host::Plugin& plugin) {
  return idle(plugin, [&](std::size_t i) {
    return any_turn(plugin, i, [&](auto&, auto& course, auto& other, auto& plain) {
      return differ(try_trajectory(plugin, other, course), plain, course);
    });
  });
}

std::uint64_t state_size(const host::Plugin& plugin, const Values& hyperparameters) {
  return plugin->state_size
             ? plugin->state_size(hyperparameters.data(), layered.data(), layered.size())
             : 0;
}

std::optional<arma::mat> changed_at(const host::Plugin& plugin, const Values& from,
                                    const Course& course, std::size_t i, double value,
                                    arma::uword step) {
  return try_trajectory(plugin, from, course, [&](Walk<double>& walk, arma::uword t) {
    if (t == step) walk.optimizer().set_hyperparameter(i, value);
  });
}

// Whether a change before step 10 has an effect, of a hyperparameter that has one from the start.
bool ever_acts_late(const host::Plugin& plugin, std::size_t i) {
  bool acts_early = false;
  const bool acts_late =
      any_turn(plugin, i, [&](auto& from, auto& course, auto& other, auto& plain) {
        if (state_size(plugin, from) != state_size(plugin, other)) return false;
        if (!differ(try_trajectory(plugin, other, course), plain, course)) return false;
        acts_early = true;
        return differ(changed_at(plugin, from, course, i, other[i], change), plain, course);
      });
  return acts_late || !acts_early;
}

// The effect of a trajectory on the step's weights.
double effect(const std::optional<arma::mat>& trajectory, const arma::mat& plain,
              const Course& course, arma::uword step) {
  if (!trajectory) return 0;
  const arma::mat a = plain.cols(0, step - 1), b = trajectory->cols(0, step - 1);
  return trajectory_distance(a, b, course.start);
}

// Whether a small change acts on the first step in proportion, but on no later step at once. Step
// 11 is there for what is renewed every 10 steps.
bool is_kept_from_start(const host::Plugin& plugin, std::size_t i) {
  constexpr double small = 1e-3, least = 1e-5, most = 1e-2;
  const auto course = Course::usual(20);
  for (const auto& from : {defaults(plugin), with_settings(plugin, plugin->settings)}) {
    auto other = from;
    other[i] *= 1 + small;
    if (!plugin.objection(i, other[i]).empty() || !plugin.conflict(other).empty()) continue;
    const auto plain = try_trajectory(plugin, from, course);
    if (!plain) continue;
    const double first = effect(try_trajectory(plugin, other, course), *plain, course, 1);
    if (!(first >= least && first <= most)) continue;
    double later = 0;
    for (const arma::uword step : {change, change + 1})
      later = std::max(
          later, effect(changed_at(plugin, from, course, i, other[i], step), *plain, course, step));
    if (later < first * small) return true;
  }
  return false;
}

Finding may_change(const host::Plugin& plugin) {
  std::vector<std::string> frozen, first;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i) {
    if (plugin->hypers[i].type != DESCENT_REAL) continue;
    if (ever_acts_late(plugin, i) && !is_kept_from_start(plugin, i)) continue;
    const bool declared = says(plugin, i, {"first", "initial", "start"});
    (declared ? first : frozen).emplace_back(plugin->hypers[i].name);
  }
  auto text = frozen.empty() ? std::string("hyperparameters ignore a schedule")
                             : fmt::format(
                                   "a change before step 10 is ignored: {}; use the value "
                                   "of every call, or describe it as 'initial'",
                                   fmt::join(frozen, ", "));
  if (!first.empty()) text += fmt::format("; described as initial: {}", fmt::join(first, ", "));
  return {double(frozen.size()), 0, text};
}

// How often as long the first step that moves is with lr doubled. A rule that searches by values
// may go any length.
Finding step_size(const host::Plugin& plugin, std::size_t i) {
  const auto once = defaults(plugin);
  auto twice = once;
  twice[i] *= 2;
  if (!plugin.objection(i, twice[i]).empty() || !plugin.conflict(twice).empty() ||
      evaluates(plugin, once))
    return {0, no_limit, "lr cannot be doubled, or the rule searches its length"};
  const auto course = Course::usual(5);
  const auto a = trajectory<double>(plugin, once, course),
             b = trajectory<double>(plugin, twice, course);
  for (arma::uword t = 0; t < a.n_cols; ++t) {
    const double length = largest<double>(a.col(t).head(course.start.n_elem) - course.start);
    if (length == 0) continue;
    const double doubled = largest<double>(b.col(t).head(course.start.n_elem) - course.start);
    return {doubled / length, 2 + 1e-6, "times as long a first step if lr is doubled"};
  }
  return {0, no_limit, "it does not move in 5 steps"};
}

// Decoupled: without gradients, the weights shrink in proportion: twice as large ones go twice the
// trajectory.
double not_decoupled(const host::Plugin& plugin, Values hyperparameters, std::size_t i) {
  hyperparameters[i] = 0.1;
  auto course = Course::usual(5);
  course.gradients.zeros();
  const auto once = trajectory<double>(plugin, hyperparameters, course);
  course.start *= 2;
  const auto twice = trajectory<double>(plugin, hyperparameters, course);
  return trajectory_distance(twice, 2 * once, course.start);
}

// Coupled: the trajectory is that without decay for gradients with weight_decay x added.
double not_coupled(const host::Plugin& plugin, Values hyperparameters, std::size_t i) {
  auto course = Course::usual(20);
  hyperparameters[i] = 0.1;
  const auto decayed = trajectory<double>(plugin, hyperparameters, course);
  hyperparameters[i] = 0;
  course.pull = 0.1;
  return trajectory_distance(decayed, trajectory<double>(plugin, hyperparameters, course),
                             course.start);
}

// How far the weights shrink in 5 steps without gradients.
double shrunk(const host::Plugin& plugin, const Values& hyperparameters) {
  auto course = Course::usual(5);
  course.gradients.zeros();
  return largest<double>(
      trajectory<double>(plugin, hyperparameters, course).tail_rows(course.start.n_elem).col(4) -
      course.start);
}

// Decoupled decay is in proportion to weight_decay, and to lr or independent of it.
Finding decay_ratios(const host::Plugin& plugin, std::size_t lr, std::size_t i) {
  auto hyperparameters = defaults(plugin), faster = hyperparameters, stronger = hyperparameters;
  hyperparameters[i] = faster[i] = 0.1;
  stronger[i] = 0.2;
  faster[lr] *= 2;
  const double once = shrunk(plugin, hyperparameters);
  if (!says(plugin, i, {"ecoupled"}) || once == 0 || !plugin.objection(lr, faster[lr]).empty() ||
      !plugin.conflict(faster).empty() || !plugin.objection(i, 0.2).empty() ||
      !plugin.conflict(stronger).empty())
    return {0, no_limit, "it has no decoupled decay"};
  const double by_decay = shrunk(plugin, stronger) / once, by_lr = shrunk(plugin, faster) / once;
  return {worse(std::abs(by_decay - 2), std::min(std::abs(by_lr - 2), std::abs(by_lr - 1))), 0.05,
          fmt::format("weight_decay doubled decays {:.3g} times as much, where 2 is expected; lr "
                      "doubled {:.3g} times, where 1 or 2 is",
                      by_decay, by_lr)};
}

Finding decay(const host::Plugin& plugin, std::size_t i) {
  const auto hyperparameters = defaults(plugin);
  if (says(plugin, i, {"ecoupled"}))
    return {not_decoupled(plugin, hyperparameters, i), 1e-3,
            "described as decoupled: without gradients the weights shrink in proportion"};
  if (says(plugin, i, {"to the gradient"}) && !has_trait(plugin, DESCENT_RELATIVE))
    return {not_coupled(plugin, hyperparameters, i),
            tolerance(plugin, hyperparameters, Course::usual(20), 1e-13, 1e-8),
            "described as added to the gradient: against gradients with weight_decay x added"};
  return {not_coupled(plugin, hyperparameters, i), no_limit,
          "the description says neither 'decoupled' nor 'to the gradient'; from the latter"};
}

}  // namespace

std::vector<Check> hyperparameter_checks(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"hyperparameters", [plugin] { return step_hyperparameters_act(plugin); }},
      {"schedules", [plugin] { return may_change(plugin); }},
  };
  const int i = plugin.hyperparameter_index("weight_decay"), lr = plugin.hyperparameter_index("lr");
  if (lr >= 0)
    all.push_back({"step size", [plugin, lr] { return step_size(plugin, std::size_t(lr)); }});
  if (i >= 0 && plugin.objection(std::size_t(i), 0.1).empty() &&
      plugin.objection(std::size_t(i), 0).empty()) {
    all.push_back({"weight decay", [plugin, i] { return decay(plugin, std::size_t(i)); }});
    if (lr >= 0)
      all.push_back({"size of decay", [plugin, lr, i] {
                       return decay_ratios(plugin, std::size_t(lr), std::size_t(i));
                     }});
  }
  return all;
}

}  // namespace descent::conformance
