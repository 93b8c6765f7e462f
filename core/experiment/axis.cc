// SPDX-License-Identifier: MIT
#include "experiment/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace descent::yaml {
namespace {

bool is_axis_key(const std::string& key) {
  return key == "grid" || key == "linspace" || key == "logspace";
}

Node broken(Place place) {
  Node node;
  node.kind = Node::Kind::broken;
  node.place = std::move(place);
  return node;
}

Node grid(Place place, const Node& list, std::vector<Problem>& problems) {
  if (list.kind != Node::Kind::list || list.items.empty()) {
    report(problems, list.place,
           "grid: expected a list of values, found " +
               (list.kind == Node::Kind::list ? "an empty list" : found(list)));
    return broken(std::move(place));
  }
  Node node;
  node.kind = Node::Kind::grid;
  node.place = std::move(place);
  node.items = list.items;
  return node;
}

// "" when the list is [a, b, n] of two different ends and a whole number of steps.
std::string read_ends(const Node& list, Node& axis) {
  double steps = 0;
  if (list.kind != Node::Kind::list || list.items.size() != 3 ||
      !read_number(*list.items[0], axis.from) || !read_number(*list.items[1], axis.to) ||
      !read_number(*list.items[2], steps))
    return "expected three numbers [a, b, n]: both ends and how many values";
  if (steps != std::floor(steps) || steps < 2 || steps > double(too_many))
    return fmt::format("expected a whole number n >= 2 of values, found '{}'", list.items[2]->text);
  if (axis.from == axis.to) return fmt::format("both ends are {}", axis.from);
  if (axis.kind == Node::Kind::logspace && (axis.from <= 0 || axis.to <= 0))
    return "both ends must be above 0: they are the values at the ends, not exponents";
  axis.steps = std::uint64_t(steps);
  return "";
}

Node space(const std::string& key, Place place, const Node& list, std::vector<Problem>& problems) {
  Node node;
  node.kind = key == "linspace" ? Node::Kind::linspace : Node::Kind::logspace;
  node.place = place;
  const auto objection = read_ends(list, node);
  if (objection.empty()) return node;
  report(problems, list.place, key + ": " + objection);
  return broken(std::move(place));
}

double rounded(double value) { return std::strtod(fmt::format("{:.15g}", value).c_str(), nullptr); }

Tree value_node(const Node& axis, std::uint64_t i) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.place = axis.place;
  node.text = fmt::format("{}", axis_value(axis, i));
  node.spaced = true;
  return finished(std::move(node));
}

// How many points a node offers, and one of them: the grammar read in full, or as a star.
using Count = std::uint64_t (*)(const Tree&);
using Take = Tree (*)(const Tree&, std::uint64_t);

Tree take_of_grid(const Node& grid, std::uint64_t index, Count count, Take take) {
  for (const auto& choice : grid.items) {
    const auto offered = count(choice);
    if (index < offered) return take(choice, index);
    index -= offered;
  }
  std::abort();  // REQUIRES: index < count
}

std::vector<Tree*> children(Node& node) {
  std::vector<Tree*> all;
  for (auto& item : node.items) all.push_back(&item);
  for (auto& entry : node.entries) all.push_back(&entry.value);
  return all;
}

std::uint64_t count_of(const Tree& tree) { return tree->count; }

std::uint64_t star_steps(const Node& axis) { return std::min(axis.steps, most_steps); }

}  // namespace

Node as_axis(Node map, std::vector<Problem>& problems) {
  const auto axis = std::ranges::find_if(map.entries, [](auto& e) { return is_axis_key(e.key); });
  if (axis == map.entries.end()) return map;
  if (map.entries.size() > 1) {
    report(problems, axis->place,
           fmt::format("'{}' must be the only key of its map: the axis "
                       "stands in place of the whole value",
                       axis->key));
    return broken(map.place);
  }
  if (axis->key == "grid") return grid(map.place, *axis->value, problems);
  return space(axis->key, map.place, *axis->value, problems);
}

double axis_value(const Node& axis, std::uint64_t i) {
  if (i == 0) return axis.from;
  if (i + 1 == axis.steps) return axis.to;
  const long double a = axis.from, b = axis.to, along = (long double)i / (axis.steps - 1);
  if (axis.kind == Node::Kind::logspace) return rounded(double(a * std::pow(b / a, along)));
  return rounded(double(a + (b - a) * along));
}

Tree pick(const Tree& tree, std::uint64_t index) {
  if (!tree->varies) return tree;
  if (tree->kind == Node::Kind::grid) return take_of_grid(*tree, index, count_of, pick);
  if (tree->steps > 0) return value_node(*tree, index);
  Node node = *tree;
  auto all = children(node);
  for (auto child = all.rbegin(); child != all.rend(); ++child) {
    const auto offered = (**child)->count;
    **child = pick(**child, index % offered);
    index /= offered;
  }
  return finished(std::move(node));
}

std::uint64_t star_count(const Tree& tree) {
  if (!tree->varies) return 1;
  if (tree->steps > 0) return star_steps(*tree);
  std::uint64_t sum = 0, others = 0;
  for (const auto& item : tree->items) sum += star_count(item), others += star_count(item) - 1;
  for (const auto& entry : tree->entries) others += star_count(entry.value) - 1;
  return tree->kind == Node::Kind::grid ? sum : others + 1;
}

Tree star(const Tree& tree, std::uint64_t index) {
  if (!tree->varies) return tree;
  if (tree->kind == Node::Kind::grid) return take_of_grid(*tree, index, star_count, star);
  if (tree->steps > 0)
    return value_node(*tree, index * (tree->steps - 1) / (star_steps(*tree) - 1));
  Node node = *tree;
  for (auto* child : children(node)) {
    const auto others = star_count(*child) - 1;
    const bool moves = index > 0 && index <= others;
    const auto chosen = moves ? index : 0;
    index -= index > others ? others : index;
    *child = star(*child, chosen);
  }
  return finished(std::move(node));
}

}  // namespace descent::yaml
