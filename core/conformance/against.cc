// SPDX-License-Identifier: MIT
#include "conformance/against.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "conformance/hyperparameter_changes.h"
#include "conformance/loss_draws.h"
#include "conformance/walk.h"
#include "host/regularizer.h"

namespace descent::conformance {
namespace {

constexpr int compared_steps = 30;

bool same_text(const char* a, const char* b) { return a && b && std::strcmp(a, b) == 0; }

// The values of the other's hyperparameters that correspond to the plugin's.
Values translated(const host::Plugin& plugin, const Values& hyperparameters,
                  const host::Plugin& other, const std::map<std::string, double>& given) {
  auto theirs = other.settle(given).hyperparameters;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const int mine = plugin.hyperparameter_index(other->hypers[i].name);
    if (mine >= 0 && !given.contains(other->hypers[i].name))
      theirs[i] = hyperparameters[std::size_t(mine)];
  }
  return theirs;
}

// How far apart the two are, and how far they may be.
struct Distance {
  double off = 0, limit = 1;
};

template <class T>
Distance of_trajectories(const host::Plugin& a, const Values& mine, const host::Plugin& b,
                         const Values& theirs) {
  const auto course = Course::usual(compared_steps);
  const auto head = [&](const arma::mat& trajectory) {
    return arma::mat(trajectory.tail_rows(course.start.n_elem));
  };
  const double rounding = sizeof(T) == 4 ? 1e-7 : 1e-15, least = sizeof(T) == 4 ? 1e-4 : 1e-8;
  const double limit = tolerance(a, mine, course, rounding, least);
  return {trajectory_distance(head(trajectory<T>(a, mine, course)),
                              head(trajectory<T>(b, theirs, course)), course.start),
          std::isinf(limit) ? least : limit};  // infinite: it does not move
}

template <class T>
Distance of_losses(const host::Plugin& a, const Values& mine, const host::Plugin& b,
                   const Values& theirs) {
  Draws draws(a);
  double worst = 0;
  for (const auto form : forms(a)) {
    if (!(b->targets & form)) continue;
    auto batch = draws.batch(form, 3, 6);
    batch.targets.weights = draws.uniform(1, 6, 0.5, 2);
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      const auto x = Asked(a, mine).operator()<T>(batch, reduction);
      const auto y = Asked(b, theirs).operator()<T>(batch, reduction);
      worst = worse(worst, std::abs(x.value - y.value) / std::max(1.0, std::abs(y.value)));
      worst =
          worse(worst, largest<T>(x.gradient - y.gradient) / std::max(1.0, largest<T>(y.gradient)));
    }
  }
  return {worst, sizeof(T) == 4 ? 1e-4 : 1e-9};
}

template <class T>
arma::Col<T> of_penalty(const host::Plugin& plugin, const Values& hyperparameters,
                        const arma::Col<T>& w) {
  host::Regularizer<T> penalty(plugin, hyperparameters, layered);
  arma::Col<T> gradient(w.n_elem, arma::fill::zeros), u = w;
  const double value = penalty.penalty(w, &gradient);
  if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
  gradient.resize(w.n_elem + 1);
  gradient(w.n_elem) = T(value);
  return arma::join_cols(gradient, u);
}

template <class T>
Distance of_penalties(const host::Plugin& a, const Values& mine, const host::Plugin& b,
                      const Values& theirs) {
  double worst = 0;
  for (const double scale : {0.1, 1.0, 10.0}) {
    const arma::Col<T> w = arma::conv_to<arma::Col<T>>::from(scale * Course::usual(1).start);
    auto x = of_penalty<T>(a, mine, w), y = of_penalty<T>(b, theirs, w);
    if (!a->proximal[DESCENT_F64] || !b->proximal[DESCENT_F64]) {
      x.resize(w.n_elem + 1);
      y.resize(w.n_elem + 1);
    }
    worst = worse(worst, largest<T>(x - y) / std::max(1.0, largest<T>(y)));
  }
  return {worst, sizeof(T) == 4 ? 1e-4 : 1e-9};
}

template <class T>
Distance distance(const host::Plugin& a, const Values& mine, const host::Plugin& b,
                  const Values& theirs) {
  if (a->kind == DESCENT_LOSS) return of_losses<T>(a, mine, b, theirs);
  if (a->kind == DESCENT_REGULARIZER) return of_penalties<T>(a, mine, b, theirs);
  return of_trajectories<T>(a, mine, b, theirs);
}

bool takes(const host::Plugin& other, const Values& hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (!other.objection(i, hyperparameters[i]).empty()) return false;
  return other.conflict(hyperparameters).empty();
}

// Whether what only the plugin has is at its default.
bool comparable(const host::Plugin& plugin, const host::Plugin& other,
                const Values& hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (other.hyperparameter_index(plugin->hypers[i].name) < 0 &&
        hyperparameters[i] != plugin->hypers[i].fallback)
      return false;
  return true;
}

// A number of steps that a trajectory reaches, unlike the default.
bool is_reached(double value, double fallback) {
  return fallback > compared_steps && value >= 1 && value < compared_steps;
}

// The plugin's defaults, and each hyperparameter changed that the other has too.
std::vector<Values> settings(const host::Plugin& plugin, const host::Plugin& other,
                             const std::map<std::string, double>& given) {
  std::vector<Values> all = {defaults(plugin)};
  for (const auto& base : bases(plugin))
    if (comparable(plugin, other, base)) all.push_back(base);
  for (std::size_t i = 0; i < plugin->hyper_count; ++i) {
    const char* const name = plugin->hypers[i].name;
    if (other.hyperparameter_index(name) < 0 || given.contains(name)) continue;
    const auto others = changed_from(plugin, all.front(), i);
    for (std::size_t k = 0; k < others.size(); ++k)
      if (k < 3 || is_reached(others[k][i], all.front()[i])) all.push_back(others[k]);
  }
  if (!given.empty()) all.resize(1);
  return all;
}

Finding compared(const host::Plugin& plugin, const host::Plugin& other,
                 const std::map<std::string, double>& given) {
  Distance worst;
  std::string at;
  for (const auto& mine : settings(plugin, other, given)) {
    const auto theirs = translated(plugin, mine, other, given);
    if (!takes(other, theirs)) continue;
    for (const auto& now : {distance<double>(plugin, mine, other, theirs),
                            distance<float>(plugin, mine, other, theirs)}) {
      if (now.off / now.limit <= worst.off / worst.limit && !at.empty()) continue;
      if (worst.off != worst.off) continue;
      worst = now;
      at = text_of(other, theirs);
    }
  }
  return {worst.off, worst.limit,
          fmt::format("relative distance from {}, largest at {}", other.label(), at)};
}

// Whether it is another, a wrapper, and what that wraps in one: their hyperparameters, the base's
// with the same defaults.
bool unites(const host::Plugin& plugin, const host::Plugin& wrapper) {
  if (!wrapper->base || !wrapper.base()) return false;
  const auto names = wrapper.hyperparameter_names();
  const auto& base = *wrapper.base();
  const auto values = wrapper.default_base().hyperparameters;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& hyper = plugin->hypers[i];
    if (wrapper.hyperparameter_index(hyper.name) >= 0) continue;
    const int theirs = base.hyperparameter_index(hyper.name);
    if (theirs < 0 || values[std::size_t(theirs)] != hyper.fallback) return false;
  }
  return std::ranges::all_of(names,
                             [&](auto& name) { return plugin.hyperparameter_index(name) >= 0; });
}

bool same_names(const host::Plugin& plugin, const host::Plugin& other) {
  auto mine = plugin.hyperparameter_names(), theirs = other.hyperparameter_names();
  std::ranges::sort(mine);
  std::ranges::sort(theirs);
  return mine == theirs;
}

}  // namespace

bool same_claim(const host::Plugin& plugin, const host::Plugin& other) {
  return plugin->kind == other->kind && (same_names(plugin, other) || unites(plugin, other)) &&
         (same_text(plugin->formula, other->formula) || same_text(plugin->source, other->source));
}

Check against(const host::Plugin& plugin, const host::Plugin& other,
              const std::map<std::string, double>& given) {
  if (plugin->kind != other->kind)
    throw Error(fmt::format("{} cannot be compared with {}", plugin.label(), other.label()));
  return {fmt::format("against {}", other->name),
          [plugin, other, given] { return compared(plugin, other, given); }};
}

}  // namespace descent::conformance
