// SPDX-License-Identifier: MIT
#include "experiment/families.h"

#include <algorithm>

#include "train/built_in.h"

namespace descent::yaml {
namespace {

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

bool is_number(const Shape& shape) {
  return shape.kind == Shape::Kind::number || shape.kind == Shape::Kind::whole ||
         shape.kind == Shape::Kind::flag;
}

bool is_fixed_scalar(const Tree& tree) { return tree->kind == Node::Kind::scalar; }

// The shape of what a plugin takes; null when there is no such plugin, or it cannot be loaded:
// settling a point tells that.
const Shape* plugin_shape(const Shape& choice, const std::string& name) {
  try {
    const auto names = choice.alternatives.names();
    return std::ranges::count(names, name) > 0 ? &choice.alternatives.shape(name) : nullptr;
  } catch (const Error&) {
    return nullptr;
  }
}

// Where a word stands is not asked: a family too many costs little.
bool mentions(const Node& node, const std::string& word) {
  const auto in = [&](const Tree& child) { return child && mentions(*child, word); };
  return (node.kind == Node::Kind::scalar && node.text == word) ||
         std::ranges::any_of(node.items, in) ||
         std::ranges::any_of(node.entries, [&](const Entry& entry) {
           return entry.key == word || in(entry.value);
         });
}

}  // namespace

Families::Families(const Tree& tree, const Shape& shape)
    : batch_is_free_(!mentions(*tree, exact_optimizer.name)),
      root_(part(tree, {&shape, false, "", ""})) {}

Families::Part Families::part(const Tree& tree, const Where& where) {
  Part part;
  part.count = tree->count;
  if (!tree->varies) return part;
  if (is_free(*tree, where)) {
    part.kind = Part::Kind::free;
    part.axis = axes_.size();
    axes_.push_back({tree, where.shape, where.path, where.settled});
    return part;
  }
  if (tree->kind == Node::Kind::grid) return sum(*tree, where);
  if (tree->steps == 0) return product(*tree, where);
  part.kind = Part::Kind::space;
  part.families = part.count;
  return part;
}

bool Families::is_free(const Node& axis, const Where& where) const {
  if (!where.shape || !is_number(*where.shape)) return false;
  if (!where.in_plugin && !(batch_is_free_ && where.path == "train.batch")) return false;
  return axis.steps > 0 ||
         (axis.kind == Node::Kind::grid && std::ranges::all_of(axis.items, is_fixed_scalar));
}

Families::Part Families::sum(const Node& grid, const Where& where) {
  Part sum;
  sum.kind = Part::Kind::sum;
  sum.count = grid.count;
  sum.families = 0;
  for (const auto& choice : grid.items) {
    sum.parts.push_back(part(choice, where));
    sum.families += sum.parts.back().families;
  }
  return sum;
}

Families::Part Families::product(const Node& node, const Where& where) {
  Part product;
  product.kind = Part::Kind::product;
  product.count = node.count;
  const auto add = [&](const Tree& child, const Where& at) {
    if (!child->varies) return;
    product.parts.push_back(part(child, at));
    product.families *= product.parts.back().families;
  };
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const auto position = std::to_string(i);
    const bool known = where.shape && where.shape->kind == Shape::Kind::list;
    add(node.items[i], {known ? &where.shape->items.front() : nullptr, false,
                        joined(where.path, position), joined(where.settled, position)});
  }
  for (const auto& entry : node.entries) add(entry.value, below(node, where, entry));
  return product;
}

// Steps over what names a plugin, as settling does.
Families::Where Families::below(const Node& node, const Where& where, const Entry& entry) {
  const auto* shape = where.shape;
  if (shape && shape->kind == Shape::Kind::list && shape->bare) shape = &shape->items.front();
  const auto path = joined(where.path, entry.key);
  if (shape && shape->kind == Shape::Kind::map) {
    const auto* key = shape->find(entry.key);
    return {key ? &key->shape : nullptr, where.in_plugin, path, joined(where.settled, entry.key)};
  }
  if (shape && shape->kind == Shape::Kind::choice && shape->alternatives.plugins &&
      node.entries.size() == 1)
    return {plugin_shape(*shape, entry.key), true, path, where.settled};
  return {};
}

Member Families::member(std::uint64_t index) const {
  Member member;
  member.family = walk(root_, index, member);
  return member;
}

std::uint64_t Families::index(std::uint64_t family,
                              const std::vector<std::uint64_t>& values) const {
  return index(root_, family, values);
}

std::uint64_t Families::size(std::uint64_t family) const { return size(root_, family); }

std::uint64_t Families::walk(const Part& part, std::uint64_t index, Member& member) {
  std::uint64_t family = 0, step = 1;
  switch (part.kind) {
    case Part::Kind::fixed:
      return 0;
    case Part::Kind::space:
      return index;
    case Part::Kind::free:
      member.values.push_back({part.axis, index});
      return 0;
    case Part::Kind::sum:
      for (const auto& choice : part.parts) {
        if (index < choice.count) return family + walk(choice, index, member);
        index -= choice.count;
        family += choice.families;
      }
      return family;  // not reached: index < count
    case Part::Kind::product:
      for (auto child = part.parts.rbegin(); child != part.parts.rend(); ++child) {
        family += step * walk(*child, index % child->count, member);
        index /= child->count;
        step *= child->families;
      }
  }
  return family;
}

std::uint64_t Families::index(const Part& part, std::uint64_t family,
                              const std::vector<std::uint64_t>& values) {
  std::uint64_t index = 0, step = 1;
  switch (part.kind) {
    case Part::Kind::fixed:
      return 0;
    case Part::Kind::space:
      return family;
    case Part::Kind::free:
      return values[part.axis];
    case Part::Kind::sum:
      for (const auto& choice : part.parts) {
        if (family < choice.families) return index + Families::index(choice, family, values);
        family -= choice.families;
        index += choice.count;
      }
      return index;  // not reached: family < families
    case Part::Kind::product:
      for (auto child = part.parts.rbegin(); child != part.parts.rend(); ++child) {
        index += step * Families::index(*child, family % child->families, values);
        family /= child->families;
        step *= child->count;
      }
  }
  return index;
}

std::uint64_t Families::size(const Part& part, std::uint64_t family) {
  std::uint64_t size = 1;
  switch (part.kind) {
    case Part::Kind::fixed:
    case Part::Kind::space:
      return 1;
    case Part::Kind::free:
      return part.count;
    case Part::Kind::sum:
      for (const auto& choice : part.parts) {
        if (family < choice.families) return Families::size(choice, family);
        family -= choice.families;
      }
      return 0;  // not reached: family < families
    case Part::Kind::product:
      for (auto child = part.parts.rbegin(); child != part.parts.rend(); ++child) {
        size *= Families::size(*child, family % child->families);
        family /= child->families;
      }
  }
  return size;
}

}  // namespace descent::yaml
