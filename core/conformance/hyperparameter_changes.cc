// SPDX-License-Identifier: MIT
#include "conformance/hyperparameter_changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "conformance/checks.h"

namespace descent::conformance {
namespace {

bool is_valid(const host::Plugin& plugin, const Values& hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (!plugin.objection(i, hyperparameters[i]).empty()) return false;
  return plugin.conflict(hyperparameters).empty();
}

void add(const host::Plugin& plugin, Values hyperparameters, std::vector<Values>& all) {
  if (is_valid(plugin, hyperparameters) && std::ranges::count(all, hyperparameters) == 0)
    all.push_back(std::move(hyperparameters));
}

std::vector<double> candidates(const descent_hyper& hyper, double v) {
  if (hyper.type == DESCENT_BOOLEAN) return {1 - v};
  if (hyper.type == DESCENT_INTEGER) return {v + 1, 2 * v, v + 10, v + 100, 1, 2, 0};
  return {2 * v, v / 2, 0.5 * (1 + v), 0.3, v / 100,   100 * v,   1e-3, 0,
          1,     10,    1e-6,          1e3, hyper.low, hyper.high};
}

// With a flag reversed; where that conflicts with another value, with that at its default.
void add_flipped(const host::Plugin& plugin, const Values& from, std::size_t flag,
                 std::vector<Values>& all) {
  auto flipped = from;
  flipped[flag] = 1 - from[flag];
  if (is_valid(plugin, flipped)) return add(plugin, std::move(flipped), all);
  for (std::size_t i = 0; i < from.size(); ++i) {
    auto without = flipped;
    without[i] = plugin->hypers[i].fallback;
    if (i != flag) add(plugin, std::move(without), all);
  }
}

}  // namespace

std::vector<Values> bases(const host::Plugin& plugin) {
  auto engaged = defaults(plugin);
  for (std::size_t i = 0; i < engaged.size(); ++i)
    if (plugin->hypers[i].type == DESCENT_REAL && engaged[i] == 0 &&
        plugin.objection(i, 0.5).empty())
      engaged[i] = 0.5;
  std::vector<Values> all;
  for (const auto& from : {defaults(plugin), with_settings(plugin, plugin->settings), engaged})
    add(plugin, from, all);
  for (std::size_t i = 0; i < engaged.size(); ++i) {
    auto one = defaults(plugin);
    one[i] = engaged[i];
    add(plugin, std::move(one), all);
  }
  for (const auto& from : std::vector<Values>(all))
    for (std::size_t i = 0; i < from.size(); ++i)
      if (plugin->hypers[i].type == DESCENT_BOOLEAN) add_flipped(plugin, from, i, all);
  return all;
}

std::vector<Values> changed_from(const host::Plugin& plugin, const Values& from, std::size_t i) {
  std::vector<Values> all = {from};
  for (const double value : candidates(plugin->hypers[i], from[i])) {
    auto other = from;
    other[i] = value;
    add(plugin, std::move(other), all);
  }
  all.erase(all.begin());
  return all;
}

double worst_of_bases(const host::Plugin& plugin,
                      const std::function<double(const Values&)>& figure) {
  double worst = figure(defaults(plugin));
  for (const auto& hyperparameters : bases(plugin)) {
    try {
      worst = worse(worst, figure(hyperparameters));
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  return worst;
}

std::vector<Values> nearby(const host::Plugin& plugin, const Values& from) {
  std::vector<Values> all = {from};
  const auto means_others = [&](std::size_t i, const char* flag) {
    return flag && plugin.hyperparameter_index(flag) == int(i);
  };
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (means_others(i, plugin->log_prediction) || means_others(i, plugin->log_target)) continue;
    const auto values = candidates(plugin->hypers[i], from[i] == 0 ? 0.25 : from[i]);
    for (const double value : {values[0], values[std::min<std::size_t>(1, values.size() - 1)]}) {
      auto other = from;
      other[i] = plugin->hypers[i].type == DESCENT_BOOLEAN ? 1 - from[i] : value;
      add(plugin, std::move(other), all);
    }
  }
  return all;
}

Finding idle(const host::Plugin& plugin, const std::function<bool(std::size_t i)>& acts) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i)
    if (!acts(i)) names.emplace_back(plugin->hypers[i].name);
  return {double(names.size()), 0,
          names.empty() ? fmt::format("of {} hyperparameters have no effect when changed",
                                      plugin->hyper_count)
                        : fmt::format("without effect: {}", fmt::join(names, ", "))};
}

bool says(const host::Plugin& plugin, std::size_t i, const std::vector<std::string>& words) {
  const std::string_view doc = plugin->hypers[i].doc ? plugin->hypers[i].doc : "";
  return std::ranges::any_of(words, [&](const auto& word) { return doc.find(word) != doc.npos; });
}

Values without_decay(const host::Plugin& plugin, Values hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    if (std::string_view(plugin->hypers[i].name).find("weight_decay") != std::string_view::npos &&
        plugin.objection(i, 0).empty())
      hyperparameters[i] = 0;
  return hyperparameters;
}

std::string text_of(const host::Plugin& plugin, const Values& hyperparameters) {
  std::string text;
  for (std::size_t i = 0; i < hyperparameters.size(); ++i)
    text += fmt::format("{}{}={:.4g}", i ? " " : "", plugin->hypers[i].name, hyperparameters[i]);
  return text;
}

}  // namespace descent::conformance
