// SPDX-License-Identifier: MIT
#include "host/update_rule.h"

#include <algorithm>

#include "base/error.h"

namespace descent::host {

std::vector<const UpdateRule*> UpdateRule::chain() const {
  std::vector<const UpdateRule*> all;
  for (const UpdateRule* rule = this; rule; rule = rule->base.get()) all.push_back(rule);
  return all;
}

int UpdateRule::hyperparameter_index(const std::string& name) const {
  int start = 0;
  for (const UpdateRule* rule : chain()) {
    if (const int i = rule->plugin.hyperparameter_index(name); i >= 0) return start + i;
    start += int(rule->hyperparameters.size());
  }
  return -1;
}

std::vector<std::string> UpdateRule::hyperparameter_names() const {
  std::vector<std::string> names;
  for (const UpdateRule* rule : chain())
    for (const auto& name : rule->plugin.hyperparameter_names())
      if (std::ranges::count(names, name) == 0) names.push_back(name);
  return names;
}

const descent_hyper& UpdateRule::hyper(std::size_t index) const {
  return index < hyperparameters.size() ? plugin->hypers[index]
                                        : base->hyper(index - hyperparameters.size());
}

double UpdateRule::value(std::size_t index) const {
  return index < hyperparameters.size() ? hyperparameters[index]
                                        : base->value(index - hyperparameters.size());
}

std::string UpdateRule::objection(std::size_t index, double value) const {
  return index < hyperparameters.size() ? plugin.objection(index, value)
                                        : base->objection(index - hyperparameters.size(), value);
}

bool UpdateRule::needs(descent_needs what) const {
  return std::ranges::any_of(
      chain(), [&](const UpdateRule* rule) { return (rule->plugin->needs & what) != 0; });
}

UpdateRule rule_of(const Plugin& plugin, std::vector<double> hyperparameters) {
  if (!plugin->base) return {plugin, std::move(hyperparameters)};
  if (!plugin.base())
    throw Error({plugin.path(), 0, 0},
                "wraps another optimizer, which is looked for where plugins are found; name it as "
                "`descent plugins check " +
                    std::string(plugin->name) + "`, with its folder as --plugins");
  auto base = plugin.default_base();
  return {plugin, std::move(hyperparameters),
          std::make_shared<const UpdateRule>(
              UpdateRule{*plugin.base(), std::move(base.hyperparameters)})};
}

UpdateRule rule_of(const PluginConfig& config, const Catalog& catalog) {
  const auto& plugin = catalog.get(DESCENT_OPTIMIZER, config.name);
  if (config.base.empty() && plugin->base) {
    auto rule = rule_of(plugin, config.hyperparameters);
    rule.on = config.on;
    return rule;
  }
  UpdateRule rule{plugin, config.hyperparameters, nullptr, config.on};
  if (!config.base.empty() && !plugin->base)
    throw Error::about("optimizer.base",
                       plugin.label() + " wraps no optimizer, so it takes no base");
  if (!config.base.empty())
    rule.base = std::make_shared<const UpdateRule>(rule_of(config.base.front(), catalog));
  return rule;
}

}  // namespace descent::host
