// SPDX-License-Identifier: MIT
#include "experiment/override.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "experiment/locate.h"
#include "experiment/settle.h"

namespace descent::yaml {
namespace {

bool is_position(const std::string& segment) {
  return segment.size() <= 9 &&
         std::ranges::all_of(segment, [](char c) { return '0' <= c && c <= '9'; });
}

bool is_name(const Shape* shape, const std::string& segment) {
  return shape && shape->kind == Shape::Kind::choice &&
         std::ranges::count(shape->alternatives.names(), segment) > 0;
}

// The choice a node of this shape may be.
const Shape* as_choice(const Shape* shape) {
  if (shape && shape->kind == Shape::Kind::list && shape->bare) shape = &shape->items.front();
  return shape && shape->kind == Shape::Kind::choice ? shape : nullptr;
}

// Null for names that are not known and plugins that do not load: settling tells of them.
const Shape* argument_shape(const Shape& choice, const std::string& name) {
  if (!is_name(&choice, name)) return nullptr;
  try {
    return &choice.alternatives.shape(name);
  } catch (const Error&) {
    return nullptr;
  }
}

bool names(const Node& node, const std::string& name) {
  if (node.kind == Node::Kind::grid || node.kind == Node::Kind::list)
    return std::ranges::any_of(node.items, [&](auto& item) { return names(*item, name); });
  return named(node).name == name;
}

// Walks one path down the tree beside its shape (null where the language knows none) and builds
// the changed nodes on the way back up. A null node: nothing stands there yet.
class Setter {
 public:
  Setter(Place place, std::vector<std::string> path, Tree value, std::vector<Problem>& problems)
      : place_(std::move(place)),
        path_(std::move(path)),
        value_(std::move(value)),
        problems_(problems) {}

  Tree set(const Shape* shape, const Tree& node, std::size_t at) {
    if (at == path_.size()) return value_;
    if (node && node->kind == Node::Kind::grid) return in_grid(shape, node, at);
    const bool is_list = node && node->kind == Node::Kind::list;
    if (is_list) return in_list(shape, node, at);
    if (shape && shape->kind == Shape::Kind::list && shape->bare)
      return set(&shape->items.front(), node, path_[at] == "0" ? at + 1 : at);
    if (shape && shape->kind == Shape::Kind::choice) return in_choice(*shape, node, at);
    return in_map(shape, node, at);
  }

 private:
  Tree refuse(const Tree& node, std::string text) {
    report(problems_, place_, std::move(text));
    return node;
  }

  std::string before(std::size_t at) const {
    return fmt::format("{}", fmt::join(path_.begin(), path_.begin() + std::ptrdiff_t(at), "."));
  }

  Tree in_grid(const Shape* shape, const Tree& grid, std::size_t at) {
    const bool selects = is_name(as_choice(shape), path_[at]);
    if (selects && !names(*grid, path_[at]))
      return refuse(grid, fmt::format("no choice of {}'s grid is '{}'", before(at), path_[at]));
    Node changed = *grid;
    for (auto& choice : changed.items)
      if (!selects || names(*choice, path_[at])) choice = set(shape, choice, at);
    return finished(std::move(changed));
  }

  Tree in_list(const Shape* shape, const Tree& list, std::size_t at) {
    const auto last = list->items.size();
    if (!is_position(path_[at]) || std::stoul(path_[at]) >= last)
      return refuse(list, fmt::format("{} is a list of {}; its positions are numbers from 0, found "
                                      "'{}'",
                                      before(at), last, path_[at]));
    const auto i = std::stoul(path_[at]);
    const Shape* item = nullptr;
    if (shape && shape->kind == Shape::Kind::list) item = &shape->items.front();
    if (shape && shape->kind == Shape::Kind::tuple && i < shape->items.size())
      item = &shape->items[i];
    Node changed = *list;
    changed.items[i] = set(item, changed.items[i], at + 1);
    return finished(std::move(changed));
  }

  Tree in_choice(const Shape& choice, const Tree& node, std::size_t at) {
    const auto& segment = path_[at];
    const bool chooses = is_name(&choice, segment);
    const auto now = node ? named(*node) : Named();
    if (now.name == segment || (chooses && (now.name.empty() || at + 1 == path_.size())))
      return only_key(segment, now.name == segment ? now.place : place_,
                      set(argument_shape(choice, segment),
                          now.name == segment ? now.argument : nullptr, at + 1),
                      node);
    if (chooses)
      return refuse(node, fmt::format("{} is '{}', not '{}'", before(at), now.name, segment));
    if (now.name.empty())
      return refuse(node, fmt::format("no {} is chosen, and '{}' is not one{}", choice.noun,
                                      segment, suggestion(segment, choice.alternatives.names())));
    return only_key(now.name, now.place, set(argument_shape(choice, now.name), now.argument, at),
                    node);
  }

  Tree only_key(const std::string& key, const Place& key_place, Tree value, const Tree& node) {
    if (!value) return node;
    Node map;
    map.kind = Node::Kind::map;
    map.place = node ? node->place : place_;
    map.entries.push_back({key, key_place, std::move(value)});
    return finished(std::move(map));
  }

  Tree in_map(const Shape* shape, const Tree& node, std::size_t at) {
    Node map;
    map.kind = Node::Kind::map;
    map.place = node ? node->place : place_;
    const bool empty = !node || node->kind == Node::Kind::nothing;
    const bool is_value = shape && shape->kind != Shape::Kind::map;
    if (!is_value && !empty && node->kind == Node::Kind::map)
      map.entries = node->entries;
    else if (!empty && shape && !shape->bare_key.empty())
      map.entries.push_back({shape->bare_key, node->place, node});
    else if (is_value || !empty)
      return refuse(node, fmt::format("{} is {}, which has no '{}' in it", before(at),
                                      shape ? expected(*shape) : found(*node), path_[at]));
    return with_entry(shape, std::move(map), at);
  }

  Tree with_entry(const Shape* shape, Node map, std::size_t at) {
    const auto* key = shape ? shape->find(path_[at]) : nullptr;
    const auto entry =
        std::ranges::find_if(map.entries, [&](auto& one) { return one.key == path_[at]; });
    const bool is_new = entry == map.entries.end();
    auto value = set(key ? &key->shape : nullptr, is_new ? nullptr : entry->value, at + 1);
    if (value && is_new)
      map.entries.push_back({path_[at], place_, std::move(value)});
    else if (value)
      entry->value = std::move(value);
    return finished(std::move(map));
  }

  Place place_;
  std::vector<std::string> path_;
  Tree value_;
  std::vector<Problem>& problems_;
};

}  // namespace

Tree with_override(const Tree& tree, const Shape& shape, const std::string& text,
                   std::vector<Problem>& problems) {
  const std::string origin = "--set " + text;
  const auto equals = text.find('=');
  const auto path = segments(text.substr(0, equals));
  if (equals == text.npos || path.empty() || std::ranges::count(path, "") > 0) {
    report(problems, {origin, 0, 0}, "expected path=value, as in optimizer.lr=0.1");
    return tree;
  }
  const auto value = parse(text.substr(equals + 1), {origin, false}, problems);
  return value ? Setter({origin, 0, 0}, path, value, problems).set(&shape, tree, 0) : tree;
}

Tree with_value(const Tree& tree, const Shape& shape, const std::string& path, const Tree& value,
                std::vector<Problem>& problems) {
  return Setter(value->place, segments(path), value, problems).set(&shape, tree, 0);
}

}  // namespace descent::yaml
