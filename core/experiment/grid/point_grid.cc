// SPDX-License-Identifier: MIT
#include "experiment/grid/point_grid.h"

#include <algorithm>
#include <utility>

#include "experiment/document/axis.h"
#include "experiment/grid/one_factor_design.h"
#include "experiment/grid/random_axis.h"
#include "train/exact_optimizer.h"

namespace descent::experiment {
namespace {

// A flag may change what other values mean, as that of a loss of logarithms.
bool is_number(const Schema& schema) {
  return schema.kind == Schema::Kind::number || schema.kind == Schema::Kind::whole;
}

bool is_fixed_scalar(const Tree& tree) { return tree->kind == Node::Kind::scalar; }

bool varies(const Tree& tree) { return tree->varies; }

// Where a word stands is not asked: a variant too many costs little.
bool mentions(const Node& node, const std::string& word) {
  const auto in = [&](const Tree& child) { return child && mentions(*child, word); };
  return (node.kind == Node::Kind::scalar && node.text == word) ||
         std::ranges::any_of(node.items, in) ||
         std::ranges::any_of(node.entries, [&](const Entry& entry) {
           return entry.key == word || in(entry.value);
         });
}

// How many draws a file has; 0: it draws nothing.
std::uint64_t draws(const Node& node) {
  if (!node.varies) return 0;
  if (is_random_axis(node)) return node.steps;
  std::uint64_t found = 0;
  for (const auto& item : node.items) found = std::max(found, draws(*item));
  for (const auto& entry : node.entries) found = std::max(found, draws(*entry.value));
  return found;
}

// Calls visit(axis or sum, its coordinate) along a point's way through the parts.
template <class Visit>
void walk(const Subgrid& part, Coordinates& coordinates, std::size_t& at, const Visit& visit) {
  if (part.kind == Subgrid::Kind::product)
    for (const auto& child : part.parts) walk(child, coordinates, at, visit);
  if (part.kind != Subgrid::Kind::axis && part.kind != Subgrid::Kind::sum) return;
  auto& coordinate = coordinates[at++];
  visit(part, coordinate);
  if (part.kind == Subgrid::Kind::sum) walk(part.parts[coordinate], coordinates, at, visit);
}

template <class Visit>
void walk(const Subgrid& part, Coordinates& coordinates, const Visit& visit) {
  std::size_t at = 0;
  walk(part, coordinates, at, visit);
}

Tree taken(const Tree& tree, const Coordinates& coordinates, std::size_t& at) {
  if (!tree->varies) return tree;
  if (tree->kind == Node::Kind::grid) return taken(tree->items[coordinates[at++]], coordinates, at);
  if (is_axis(*tree)) return value_of(*tree, coordinates[at++]);
  return transform(tree, [&](const Tree& child) { return taken(child, coordinates, at); });
}

}  // namespace

std::uint64_t FreeAxis::size() const { return axis_length(*tree); }

PointGrid::PointGrid(const Tree& tree, const Schema& schema)
    : tree_(tree),
      batch_is_free_(!mentions(*tree, train::exact_optimizer.name) && !mentions(*tree, "steps")) {
  if (draws(*tree)) groups_.push_back({random_zip, draws(*tree)});  // the slowest
  root_ = part(tree, {&schema, false, "", ""});
  auto candidates = std::exchange(axes_, {});
  const auto number = [&](auto& self, Subgrid& part) -> void {
    if (part.free && part.group && !groups_[*part.group].free) part.free.reset();
    if (part.free) {
      axes_.push_back(candidates[*part.free]);
      part.free = axes_.size() - 1;
    }
    for (auto& one : part.parts) self(self, one);
  };
  number(number, root_);
  points_ = PointEnumerator(root_, groups_);
  auto groups = groups_;
  for (auto& group : groups)
    if (group.free) group.length = 1;
  variants_ = PointEnumerator(of_variants(root_), groups);
}

// The parts with one value in place of those of free axes.
Subgrid PointGrid::of_variants(const Subgrid& part) const {
  auto fewer = part;
  if (fewer.free) fewer.length = 1;
  for (auto& one : fewer.parts) one = of_variants(one);
  return fewer;
}

Subgrid PointGrid::part(const Tree& tree, const SchemaCursor& where) {
  if (!tree->varies) return {};
  if (tree->kind == Node::Kind::grid && std::ranges::any_of(tree->items, varies))
    return sum(tree, where);
  return is_axis(*tree) ? axis(tree, where) : product(*tree, where);
}

Subgrid PointGrid::axis(const Tree& tree, const SchemaCursor& where) {
  Subgrid axis;
  axis.kind = Subgrid::Kind::axis;
  axis.length = axis_length(*tree);
  axis.listed = tree->kind == Node::Kind::grid;
  const bool free = is_free(*tree, where);
  if (is_zipped(*tree)) {
    axis.group = group(*tree);
    groups_[*axis.group].free &= free;
  }
  if (is_random_axis(*tree)) {
    axis.random = random_.size();
    random_.push_back(tree);
  }
  if (!free) return axis;
  axis.free = axes_.size();
  axes_.push_back({tree, where.schema, where.path, where.resolved});
  return axis;
}

bool PointGrid::is_free(const Node& axis, const SchemaCursor& where) const {
  if (!where.schema || !is_number(*where.schema)) return false;
  if (!where.in_plugin && !(batch_is_free_ && where.path == "train.batch")) return false;
  return std::ranges::all_of(axis.items, is_fixed_scalar);
}

Subgrid PointGrid::sum(const Tree& grid, const SchemaCursor& where) {
  Subgrid sum;
  sum.kind = Subgrid::Kind::sum;
  if (is_zipped(*grid)) {
    sum.group = group(*grid);
    groups_[*sum.group].free = false;
    groups_[*sum.group].value_dependent = true;
  }
  for (const auto& choice : grid->items) sum.parts.push_back(part(choice, where));
  return sum;
}

Subgrid PointGrid::product(const Node& node, const SchemaCursor& where) {
  Subgrid product;
  product.kind = Subgrid::Kind::product;
  const auto add = [&](const Tree& child, const SchemaCursor& at) {
    if (child->varies) product.parts.push_back(part(child, at));
  };
  for (std::size_t i = 0; i < node.items.size(); ++i) add(node.items[i], where.item(i));
  for (const auto& entry : node.entries) add(entry.value, where.entry(node, entry));
  return product;
}

std::size_t PointGrid::group(const Node& axis) {
  const auto found = std::ranges::find(groups_, axis.zip, &Group::name);
  if (found != groups_.end()) return std::size_t(found - groups_.begin());
  groups_.push_back({axis.zip, axis_length(axis)});
  return groups_.size() - 1;
}

Tree PointGrid::pick(std::uint64_t index) const {
  Coordinates coordinates;
  points_.coordinates(index, coordinates);
  std::size_t at = 0;
  return taken(tree_, coordinates, at);
}

PointRef PointGrid::ref(std::uint64_t index) const {
  PointRef ref;
  Coordinates coordinates;
  points_.coordinates(index, coordinates);
  walk(root_, coordinates, [&](const Subgrid& part, std::uint64_t& coordinate) {
    if (part.free) ref.values.push_back({*part.free, std::exchange(coordinate, 0)});
  });
  ref.variant = *variants_.index(coordinates);
  return ref;
}

std::uint64_t PointGrid::draw(std::uint64_t index, std::vector<std::size_t>& axes) const {
  std::uint64_t draw = 0;
  Coordinates coordinates;
  points_.coordinates(index, coordinates);
  axes.clear();
  walk(root_, coordinates, [&](const Subgrid& part, std::uint64_t& coordinate) {
    if (!part.random) return;
    axes.push_back(*part.random);
    draw = coordinate;
  });
  return draw;
}

std::uint64_t PointGrid::index(std::uint64_t variant,
                               const std::vector<std::uint64_t>& values) const {
  Coordinates coordinates;
  variants_.coordinates(variant, coordinates);
  std::vector<std::optional<std::uint64_t>> of_groups(groups_.size());
  walk(root_, coordinates, [&](const Subgrid& part, std::uint64_t& coordinate) {
    if (!part.free) return;
    coordinate = values[*part.free];
    if (!part.group) return;
    auto& shared = of_groups[*part.group];
    if (!shared) shared = coordinate;
    coordinate = *shared;
  });
  return *points_.index(coordinates);
}

std::uint64_t PointGrid::size(std::uint64_t variant) const {
  Coordinates coordinates;
  variants_.coordinates(variant, coordinates);
  std::uint64_t size = 1;
  std::vector<bool> counted(groups_.size());
  walk(root_, coordinates, [&](const Subgrid& part, std::uint64_t&) {
    if (!part.free || (part.group && counted[*part.group])) return;
    if (part.group) counted[*part.group] = true;
    size *= part.length;
  });
  return size;
}

std::vector<std::uint64_t> PointGrid::one_factor_design() const {
  std::vector<std::uint64_t> all;
  for (const auto& coordinates : one_factor_coordinates(root_))
    if (const auto index = points_.index(coordinates)) all.push_back(*index);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace descent::experiment
