// SPDX-License-Identifier: MIT
#include "experiment/schema/with_defaults.h"

#include "experiment/schema/resolve.h"
#include "experiment/schema/unresolve.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

const Place by_default{default_origin, 0, 0};

Tree tree_of(const json& value) {
  Node node;
  node.place = by_default;
  if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, child] : value.items())
      node.entries.push_back({key, by_default, tree_of(child)});
  } else if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const auto& child : value) node.items.push_back(tree_of(child));
  } else if (!value.is_null()) {
    node.kind = Node::Kind::scalar;
    node.text = value.is_string() ? value.get<std::string>() : value.dump();
    node.quoted = value.is_string() && node.text.empty();
  }
  return make_tree(std::move(node));
}

const json& below(const json& common, const std::string& key) {
  static const json nothing;
  return common.is_object() && common.contains(key) ? common[key] : nothing;
}

bool is_written(const Tree& tree) { return tree && tree->kind != Node::Kind::nothing; }

Tree with_missing_keys(const Schema& schema, Node map, const json& common) {
  for (auto& entry : map.entries)
    if (const auto* key = schema.find(entry.key))
      entry.value = with_defaults(key->schema, entry.value, below(common, key->name));
  for (const auto& key : schema.keys) {
    if (map.find(key.name)) continue;
    if (!key.replaced_by.empty() && map.find(key.replaced_by)) continue;
    const auto& agreed = below(common, key.name);
    const auto& value = key.fallback.is_null() ? agreed : key.fallback;
    if (value.is_null()) continue;
    const auto tree = tree_of(unresolve(key.schema, value));
    map.entries.push_back({key.name, by_default, with_defaults(key.schema, tree, agreed)});
  }
  return make_tree(std::move(map));
}

Tree map_with_defaults(const Schema& schema, const Tree& tree, const json& common) {
  if (tree->kind == Node::Kind::map) return with_missing_keys(schema, *tree, common);
  if (schema.shorthand_key.empty() || !is_written(tree)) return tree;
  auto map = map_at(tree->place);
  map.entries.push_back({schema.shorthand_key, tree->place, tree});
  const auto whole = with_missing_keys(schema, std::move(map), common);
  return whole->entries.size() == 1 ? tree : whole;
}

// What a choice resolves to does not stand at the path of its argument, so nothing is taken from
// it.
Tree choice_with_defaults(const Schema& schema, const Tree& tree) {
  const auto [name, place, argument] = named(*tree);
  if (name.empty()) return tree;
  const auto& inner = schema.alternatives.schema(name);
  const auto empty = make_tree(map_at(place));
  const auto whole = with_defaults(inner, is_written(argument) ? argument : empty, nullptr);
  if (whole->kind == Node::Kind::map && whole->entries.empty()) {
    Node name_only = *empty;
    name_only.kind = Node::Kind::scalar;
    name_only.text = name;
    return make_tree(std::move(name_only));
  }
  auto map = map_at(tree->place);
  map.entries.push_back({name, place, whole});
  return make_tree(std::move(map));
}

Tree items_with_defaults(const Schema& schema, const Tree& tree, const json& common) {
  return transform(tree, [&](const Tree& item) { return with_defaults(schema, item, common); });
}

}  // namespace

json common_part(const json& a, const json& b) {
  if (a == b) return a;
  if (!a.is_object() || !b.is_object() || below(a, "name") != below(b, "name")) return nullptr;
  auto both = json::object();
  for (const auto& [key, value] : a.items()) {
    auto one = common_part(value, below(b, key));
    if (!one.is_null()) both[key] = std::move(one);
  }
  return both;
}

Tree with_defaults(const Schema& schema, const Tree& tree, const json& common) {
  if (is_axis(*tree)) return items_with_defaults(schema, tree, common);
  switch (schema.kind) {
    case Schema::Kind::map:
      return map_with_defaults(schema, tree, common);
    case Schema::Kind::choice:
      return choice_with_defaults(schema, tree);
    case Schema::Kind::list:
      if (tree->kind == Node::Kind::list)
        return items_with_defaults(schema.items[0], tree, nullptr);
      return schema.bare ? with_defaults(schema.items[0], tree, nullptr) : tree;
    default:
      return tree;
  }
}

}  // namespace descent::experiment
