// SPDX-License-Identifier: MIT
// Values of a plugin's hyperparameters that do not go together, as the plugin says.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "host/catalog.h"

namespace descent::experiment {

// A plugin with the values of its hyperparameters, in the order of its table.
struct PluginValues {
  std::string path;  // where it is chosen: "optimizer"
  host::Plugin plugin;
  std::vector<double> values;
  std::vector<std::string> names;  // of the values, as keys at the path; "": has no key there
};

// Nothing when the resolved choice has a problem of its own.
std::optional<std::vector<double>> hyperparameter_values(const nlohmann::json& choice,
                                                         const host::Plugin& plugin);

// The plugin chosen at this path, and what it wraps unless it has a base of its own there; those
// of them that know of conflicts.
std::vector<PluginValues> hyperparameters_at(const nlohmann::json& configuration,
                                             const std::string& path, const host::Catalog& catalog);

// Adds the problem if these values conflict. tree, the same point's, gives the place.
void report_conflict(const PluginValues& hyperparameters, const Node& tree,
                     std::vector<Problem>& problems);

// Reports the conflicts of a resolved configuration; tree, the same point's, gives the places.
void check_conflicts(const nlohmann::json& configuration, const Node& tree,
                     const host::Catalog& catalog, std::vector<Problem>& problems);

}  // namespace descent::experiment
