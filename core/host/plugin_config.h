// SPDX-License-Identifier: MIT
// A plugin as a configuration holds it: its name and the values of all its hyperparameters.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace descent::host {

// Values that hyperparameters of an optimizer have on some blocks: on those of the name, "bias" for
// all biases, "weight" for all matrices, where * stands for any text.
struct BlockValues {
  std::string pattern;
  std::vector<std::pair<std::size_t, double>> values;  // position in the plugin's table, value
};

struct PluginConfig {
  std::string name;
  std::vector<double> hyperparameters;  // in the order of the plugin's table; flags are 0 or 1
  std::vector<PluginConfig> base = {};  // the optimizer that it wraps; empty: its default, or none
  std::vector<BlockValues> on = {};     // of two that mean a block, the more specific one counts
};

}  // namespace descent::host
