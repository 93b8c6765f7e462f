// SPDX-License-Identifier: MIT
// An optimizer plugin with the values of its hyperparameters, and the rule that it wraps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/catalog.h"
#include "host/plugin.h"

namespace descent::host {

struct UpdateRule {
  Plugin plugin;
  std::vector<double> hyperparameters;
  std::shared_ptr<const UpdateRule> base = {};  // null: wraps none
  std::vector<BlockValues> on = {};

  // Of this rule and those below it, outermost first.
  std::vector<const UpdateRule*> chain() const;

  // Hyperparameters of the whole chain have positions one after the other. Of equal names the
  // outermost counts; -1 when there is none of that name.
  int hyperparameter_index(const std::string& name) const;
  std::vector<std::string> hyperparameter_names() const;
  const descent_hyper& hyper(std::size_t index) const;
  double value(std::size_t index) const;
  std::string objection(std::size_t index, double value) const;  // as Plugin's

  bool needs(descent_needs what) const;  // any of the chain
};

// The rule of a plugin that is not given what it wraps: its default. Throws Error when the plugin
// was not loaded by a Catalog, which finds that one.
UpdateRule rule_of(const Plugin& plugin, std::vector<double> hyperparameters);

// Loads the plugins that the configuration names.
UpdateRule rule_of(const PluginConfig& config, const Catalog& catalog);

}  // namespace descent::host
