// SPDX-License-Identifier: MIT
#include "experiment/language/conflicts.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/language/hyperparameter_keys.h"
#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

// Of what a wrapper wraps where its file names no base: keys of the wrapper's, apart from those of
// equal names that it has itself.
std::optional<PluginValues> default_base_of(const json& choice, const std::string& path,
                                            const host::Plugin& wrapper) {
  const auto& base = *wrapper.base();
  PluginValues all{path, base, wrapper.default_base().hyperparameters, base.hyperparameter_names()};
  for (const auto& hyper : hyperparameter_keys(base)) {
    if (has_key(wrapper, hyper.name)) {
      std::fill_n(all.names.begin() + long(hyper.first), hyper.count, "");
      continue;
    }
    const auto values = hyperparameter_values(hyper, base, value_at(choice, hyper.name));
    if (!values) return {};
    std::ranges::copy(*values, all.values.begin() + long(hyper.first));
  }
  return all;
}

std::vector<PluginValues> hyperparameters_of(const json& choice, descent_kind kind,
                                             const std::string& path,
                                             const host::Catalog& catalog) {
  std::vector<PluginValues> all;
  const auto name = word(choice, "name");
  if (!catalog.contains(kind, name)) return all;
  const auto& plugin = catalog.get(kind, name);
  if (plugin->conflict)
    if (auto values = hyperparameter_values(choice, plugin))
      all.push_back({path, plugin, std::move(*values), plugin.hyperparameter_names()});
  const auto* base = has(choice, "base") ? nullptr : plugin.base();
  if (base && (*base)->conflict)
    if (auto hyperparameters = default_base_of(choice, path, plugin))
      all.push_back(std::move(*hyperparameters));
  return all;
}

}  // namespace

std::optional<std::vector<double>> hyperparameter_values(const json& choice,
                                                         const host::Plugin& plugin) {
  std::vector<double> all;
  for (const auto& hyper : hyperparameter_keys(plugin)) {
    const auto values = hyperparameter_values(hyper, plugin, value_at(choice, hyper.name));
    if (!values) return {};
    all.insert(all.end(), values->begin(), values->end());
  }
  return all;
}

std::vector<PluginValues> hyperparameters_at(const json& configuration, const std::string& path,
                                             const host::Catalog& catalog) {
  for (const auto kind : host::kinds)
    if (path == host::kind_name(kind) || path.starts_with(host::kind_name(kind) + ".base"))
      return hyperparameters_of(value_at(configuration, path), kind, path, catalog);
  return {};
}

void report_conflict(const PluginValues& hyperparameters, const Node& tree,
                     std::vector<Problem>& problems) {
  const auto& [path, plugin, values, names] = hyperparameters;
  const auto text = plugin.conflict(values);
  if (text.empty()) return;
  const auto first = text.substr(0, text.find(' '));
  const auto key = std::ranges::count(names, first) == 0 ? path : path + "." + first;
  report(problems, locate(tree, key).place, fmt::format("{}: {}", plugin.label(), text));
}

void check_conflicts(const json& configuration, const Node& tree, const host::Catalog& catalog,
                     std::vector<Problem>& problems) {
  for (const auto kind : host::kinds)
    for (auto path = host::kind_name(kind); has(configuration, path); path += ".base")
      for (const auto& hyperparameters : hyperparameters_at(configuration, path, catalog))
        report_conflict(hyperparameters, tree, problems);
  const auto& regularizers = value_at(configuration, "regularizer");
  if (!regularizers.is_array()) return;
  for (std::size_t i = 0; i < regularizers.size(); ++i)
    for (const auto& hyperparameters : hyperparameters_of(
             regularizers[i], DESCENT_REGULARIZER, fmt::format("regularizer.{}", i), catalog))
      report_conflict(hyperparameters, tree, problems);
}

}  // namespace descent::experiment
