// SPDX-License-Identifier: MIT
// A plugin as a configuration holds it: its name and the values of all its hyperparameters.
#pragma once

#include <string>
#include <vector>

namespace descent::host {

struct PluginConfig {
  std::string name;
  std::vector<double> hypers;  // in the order of the plugin's table; flags are 0 or 1
};

}  // namespace descent::host
