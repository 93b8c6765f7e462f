// SPDX-License-Identifier: MIT
#include "experiment/schema/schema_cursor.h"

#include <algorithm>

namespace descent::yaml {
namespace {

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

// The shape of what a choice takes; null when there is none of that name, or a plugin that cannot
// be loaded: settling a point tells that.
const Shape* argument(const Shape& choice, const std::string& name) {
  try {
    const auto names = choice.alternatives.names();
    return std::ranges::count(names, name) > 0 ? &choice.alternatives.shape(name) : nullptr;
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

const Shape* Beside::alternatives() const {
  const auto* one = shape;
  if (one && one->kind == Shape::Kind::list && one->bare) one = &one->items.front();
  return one && one->kind == Shape::Kind::choice ? one : nullptr;
}

Beside Beside::item(std::size_t i) const {
  const auto position = std::to_string(i);
  const Shape* inner = nullptr;
  if (shape && shape->kind == Shape::Kind::list) inner = &shape->items.front();
  if (shape && shape->kind == Shape::Kind::tuple && i < shape->items.size())
    inner = &shape->items[i];
  return {inner, false, joined(path, position), joined(settled, position)};
}

// Steps over what names a plugin, as settling does.
Beside Beside::entry(const Node& map, const Entry& entry) const {
  const auto below = joined(path, entry.key);
  if (shape && shape->kind == Shape::Kind::map) {
    const auto* key = shape->find(entry.key);
    const bool bare = !around.empty() && entry.key == shape->bare_key;
    return {key ? &key->shape : nullptr, in_plugin, below,
            bare ? settled : joined(around.empty() ? settled : around, entry.key)};
  }
  const auto* choice = alternatives();
  if (!choice || map.entries.size() != 1) return {};
  const auto* inner = argument(*choice, entry.key);
  if (choice->alternatives.plugins) return {inner, true, below, settled};
  const bool bare = inner && inner->kind == Shape::Kind::map && !inner->bare_key.empty();
  return {inner, false, below, joined(settled, entry.key), bare ? settled : ""};
}

std::string settled_path(const Beside& here) {
  const bool is_key = here.shape && here.shape->kind == Shape::Kind::map && here.around.empty();
  return is_key && !here.shape->bare_key.empty() ? joined(here.settled, here.shape->bare_key)
                                                 : here.settled;
}

}  // namespace descent::yaml
