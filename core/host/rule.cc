// SPDX-License-Identifier: MIT
#include "host/rule.h"

#include <algorithm>

#include "base/error.h"

namespace descent::host {

std::vector<const Rule*> Rule::chain() const {
  std::vector<const Rule*> all;
  for (const Rule* rule = this; rule; rule = rule->base.get()) all.push_back(rule);
  return all;
}

int Rule::hyper_index(const std::string& name) const {
  int start = 0;
  for (const Rule* rule : chain()) {
    if (const int i = rule->plugin.hyper_index(name); i >= 0) return start + i;
    start += int(rule->hypers.size());
  }
  return -1;
}

std::vector<std::string> Rule::hyper_names() const {
  std::vector<std::string> names;
  for (const Rule* rule : chain())
    for (const auto& name : rule->plugin.hyper_names())
      if (std::ranges::count(names, name) == 0) names.push_back(name);
  return names;
}

const descent_hyper& Rule::hyper(std::size_t index) const {
  return index < hypers.size() ? plugin->hypers[index] : base->hyper(index - hypers.size());
}

double Rule::value(std::size_t index) const {
  return index < hypers.size() ? hypers[index] : base->value(index - hypers.size());
}

std::string Rule::objection(std::size_t index, double value) const {
  return index < hypers.size() ? plugin.objection(index, value)
                               : base->objection(index - hypers.size(), value);
}

bool Rule::needs(descent_needs what) const {
  return std::ranges::any_of(chain(),
                             [&](const Rule* rule) { return (rule->plugin->needs & what) != 0; });
}

Rule rule_of(const Plugin& plugin, std::vector<double> hypers) {
  if (!plugin->base) return {plugin, std::move(hypers)};
  if (!plugin.base())
    throw Error({plugin.path(), 0, 0},
                "wraps another optimizer, which is looked for where plugins are found; name it as "
                "`descent plugins check " +
                    std::string(plugin->name) + "`, with its folder as --plugins");
  auto base = plugin.default_base();
  return {plugin, std::move(hypers),
          std::make_shared<const Rule>(Rule{*plugin.base(), std::move(base.hypers)})};
}

Rule rule_of(const PluginConfig& config, const Catalog& catalog) {
  const auto& plugin = catalog.get(DESCENT_OPTIMIZER, config.name);
  if (config.base.empty() && plugin->base) {
    auto rule = rule_of(plugin, config.hypers);
    rule.on = config.on;
    return rule;
  }
  Rule rule{plugin, config.hypers, nullptr, config.on};
  if (!config.base.empty() && !plugin->base)
    throw Error(plugin.label() + " wraps no optimizer, so it takes no base");
  if (!config.base.empty())
    rule.base = std::make_shared<const Rule>(rule_of(config.base.front(), catalog));
  return rule;
}

}  // namespace descent::host
