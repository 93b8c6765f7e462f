// SPDX-License-Identifier: MIT
// Dotted paths, such as "optimizer.lr": the values at them, and where in a file they stand.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiment/document/tree.h"

namespace descent::experiment {

std::string joined(const std::string& path, const std::string& key);  // "a.b"; "" is no path
std::vector<std::string> segments(const std::string& path);           // "a.b" -> {"a", "b"}

// The deepest node on the way to a resolved path, with how many of its segments it covers. A grid
// is searched choice by choice; the name of a choice, not part of the path, is stepped over.
struct Located {
  std::size_t depth = 0;
  Place place;
};
Located locate(const Node& tree, const std::string& path);

// The value at a dotted path of objects; null when there is none.
const nlohmann::json& value_at(const nlohmann::json& configuration, const std::string& path);

std::string word(const nlohmann::json& configuration,
                 const std::string& path);  // "": no text there
bool has(const nlohmann::json& configuration, const std::string& path);

// A path, or a list of them; null: none.
std::vector<std::string> paths_of(const nlohmann::json& one_or_list);

// Every leaf of a configuration as (dotted path, value), sorted by path. A plugin's name stands at
// its own path ("optimizer"), its hyperparameters below it ("optimizer.lr"); of a list, the
// position is part of the path ("model.layers.0.linear").
std::vector<std::pair<std::string, nlohmann::json>> flatten(const nlohmann::json& configuration);

}  // namespace descent::experiment
