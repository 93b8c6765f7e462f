// SPDX-License-Identifier: MIT
#include "experiment/schema/path.h"

#include <algorithm>
#include <sstream>

namespace descent::experiment {
namespace {

using nlohmann::json;
using Path = std::vector<std::string>;

Located descend(const Node& node, const Path& path, std::size_t depth);

void improve(Located& best, const Node& node, const Path& path, std::size_t depth) {
  auto candidate = descend(node, path, depth);
  if (candidate.depth > best.depth) best = std::move(candidate);
}

Located descend(const Node& node, const Path& path, std::size_t depth) {
  Located best{depth, node.place};
  if (depth == path.size()) return best;
  if (node.kind == Node::Kind::grid || node.kind == Node::Kind::choice) {
    for (const auto& choice : node.items) improve(best, *choice, path, depth);
  } else if (node.kind == Node::Kind::list) {
    for (std::size_t i = 0; i < node.items.size(); ++i)
      if (path[depth] == std::to_string(i)) improve(best, *node.items[i], path, depth + 1);
  } else if (const auto* entry = node.find(path[depth])) {
    improve(best, *entry->value, path, depth + 1);
  } else if (node.entries.size() == 1) {
    improve(best, *node.entries.front().value, path, depth);
  }
  return best;
}

void collect(const json& value, const std::string& path,
             std::vector<std::pair<std::string, json>>& all) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (value.is_object()) {
    for (const auto& [key, child] : value.items())
      collect(child, key == "name" && !path.empty() ? path : prefix + key, all);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      collect(value[i], prefix + std::to_string(i), all);
  } else {
    all.emplace_back(path, value);
  }
}

}  // namespace

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::vector<std::string> segments(const std::string& path) {
  std::vector<std::string> all;
  std::istringstream stream(path);
  for (std::string one; std::getline(stream, one, '.');) all.push_back(one);
  return all;
}

Located locate(const Node& tree, const std::string& path) {
  return descend(tree, segments(path), 0);
}

const json& value_at(const json& configuration, const std::string& path) {
  static const json none;
  const json* value = &configuration;
  for (const auto& segment : segments(path)) {
    if (!value->is_object() || !value->contains(segment)) return none;
    value = &(*value)[segment];
  }
  return *value;
}

std::string word(const json& configuration, const std::string& path) {
  const auto& value = value_at(configuration, path);
  return value.is_string() ? value.get<std::string>() : "";
}

bool has(const json& configuration, const std::string& path) {
  return !value_at(configuration, path).is_null();
}

std::vector<std::string> paths_of(const nlohmann::json& one_or_list) {
  if (one_or_list.is_string()) return {one_or_list.get<std::string>()};
  return one_or_list.is_array() ? one_or_list.get<std::vector<std::string>>()
                                : std::vector<std::string>();
}

std::vector<std::pair<std::string, json>> flatten(const json& configuration) {
  std::vector<std::pair<std::string, json>> all;
  collect(configuration, "", all);
  std::ranges::sort(all, {}, [](const auto& leaf) -> const std::string& { return leaf.first; });
  return all;
}

}  // namespace descent::experiment
