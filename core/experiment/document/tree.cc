// SPDX-License-Identifier: MIT
#include "experiment/document/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace descent::experiment {
namespace {

std::uint64_t bounded(std::uint64_t value, std::uint64_t bound) { return std::min(value, bound); }

}  // namespace

void report(std::vector<Problem>& problems, Place place, std::string text) {
  Problem problem;
  problem.place = std::move(place);
  problem.text = std::move(text);
  problems.push_back(std::move(problem));
}

const Entry* Node::find(const std::string& key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

bool is_axis(const Node& node) { return node.kind >= Node::Kind::grid; }

Tree make_tree(Node node) {
  node.varies = is_axis(node);
  node.size = 1;
  node.depth = 1;
  const auto include = [&](const Tree& child) {
    if (!child) return;
    node.varies |= child->varies;
    node.size = bounded(node.size + child->size, largest_tree + 1);
    node.depth = std::max(node.depth, child->depth + 1);
  };
  for (const auto& item : node.items) include(item);
  for (const auto& entry : node.entries) include(entry.value);
  return std::make_shared<const Node>(std::move(node));
}

Tree transform(const Tree& tree, const std::function<Tree(const Tree&)>& f) {
  Node node = *tree;
  bool same = true;
  const auto replace = [&](Tree& child) {
    auto changed = f(child);
    same &= changed == child;
    child = std::move(changed);
  };
  for (auto& item : node.items) replace(item);
  for (auto& entry : node.entries) replace(entry.value);
  return same ? tree : make_tree(std::move(node));
}

Node map_at(const Place& place) {
  Node node;
  node.kind = Node::Kind::map;
  node.place = place;
  return node;
}

bool read_number(const Node& node, double& value) {
  if (node.kind != Node::Kind::scalar || node.quoted) return false;
  if (node.number) {
    value = *node.number + 0.0;
    return true;
  }
  const auto read = number_of(node.text);
  if (!read || !std::isfinite(*read) || is_too_small(node)) return false;
  value = *read + 0.0;  // -0 is 0
  return true;
}

bool read_whole(const Node& node, double& value) {
  if (!read_number(node, value) || value != std::floor(value)) return false;
  return node.number || whole_digits(node.text) == fmt::format("{:.0f}", value);
}

bool is_too_large(const Node& node) {
  if (node.kind != Node::Kind::scalar || node.quoted) return false;
  const auto read = number_of(node.text);
  return read && std::isinf(*read);
}

bool is_too_small(const Node& node) {
  if (node.kind != Node::Kind::scalar || node.quoted) return false;
  const bool is_rounded_to_zero = number_of(node.text) == 0.0;
  return is_rounded_to_zero && !whole_digits(node.text);
}

std::string found(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::scalar:
      return node.quoted ? fmt::format("the text \"{}\"", node.text)
                         : fmt::format("'{}'", node.text);
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    default:
      return "an axis";
  }
}

}  // namespace descent::experiment
