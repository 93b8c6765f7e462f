// SPDX-License-Identifier: MIT
// Hyperparameters of a plugin as keys of an experiment file: a key each, but one key for all
// elements of a list.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiment/schema/schema.h"
#include "host/plugin.h"

namespace descent::experiment {

// A key, and which hyperparameters it holds, as positions in the plugin's table.
struct HyperparameterKey {
  std::string name;
  std::size_t first = 0, count = 0;
  bool is_list = false;
};

// In the order of the table.
std::vector<HyperparameterKey> hyperparameter_keys(const host::Plugin& plugin);

bool has_key(const host::Plugin& plugin, const std::string& name);

// fallbacks: a value of each hyperparameter of the plugin.
Key key_of(const HyperparameterKey& hyper, const host::Plugin& plugin,
           std::span<const double> fallbacks);

// The hyperparameters that a resolved value of the key gives; nothing if it has a problem.
std::optional<std::vector<double>> hyperparameter_values(const HyperparameterKey& hyper,
                                                         const host::Plugin& plugin,
                                                         const nlohmann::json& value);

}  // namespace descent::experiment
