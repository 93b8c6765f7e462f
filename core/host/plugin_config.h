// SPDX-License-Identifier: MIT
// A plugin picked by name, with every hyper settled: what a configuration holds of a plugin.
#pragma once

#include <string>
#include <vector>

namespace descent {

struct PluginConfig {
  std::string name;
  std::vector<double> hypers;  // in the order of the plugin's table; flags are 0 or 1
};

}  // namespace descent
