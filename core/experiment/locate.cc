// SPDX-License-Identifier: MIT
#include "experiment/locate.h"

#include <sstream>

namespace descent::yaml {
namespace {

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

}  // namespace

std::vector<std::string> segments(const std::string& path) {
  std::vector<std::string> all;
  std::istringstream stream(path);
  for (std::string one; std::getline(stream, one, '.');) all.push_back(one);
  return all;
}

Located locate(const Node& tree, const std::string& path) {
  return descend(tree, segments(path), 0);
}

}  // namespace descent::yaml
