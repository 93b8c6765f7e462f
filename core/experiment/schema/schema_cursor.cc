// SPDX-License-Identifier: MIT
#include "experiment/schema/schema_cursor.h"

#include <algorithm>

namespace descent::yaml {
namespace {

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

// The schema of what a choice takes; null when there is none of that name, or a plugin that cannot
// be loaded: resolving a point tells that.
const Schema* argument(const Schema& choice, const std::string& name) {
  try {
    const auto names = choice.alternatives.names();
    return std::ranges::count(names, name) > 0 ? &choice.alternatives.schema(name) : nullptr;
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

const Schema* SchemaCursor::alternatives() const {
  const auto* one = schema;
  if (one && one->kind == Schema::Kind::list && one->bare) one = &one->items.front();
  return one && one->kind == Schema::Kind::choice ? one : nullptr;
}

SchemaCursor SchemaCursor::item(std::size_t i) const {
  const auto position = std::to_string(i);
  const Schema* inner = nullptr;
  if (schema && schema->kind == Schema::Kind::list) inner = &schema->items.front();
  if (schema && schema->kind == Schema::Kind::tuple && i < schema->items.size())
    inner = &schema->items[i];
  return {inner, false, joined(path, position), joined(resolved, position)};
}

// Steps over what names a plugin, as resolving does.
SchemaCursor SchemaCursor::entry(const Node& map, const Entry& entry) const {
  const auto below = joined(path, entry.key);
  if (schema && schema->kind == Schema::Kind::map) {
    const auto* key = schema->find(entry.key);
    const bool bare = !shorthand_parent.empty() && entry.key == schema->shorthand_key;
    return {key ? &key->schema : nullptr, in_plugin, below,
            bare ? resolved
                 : joined(shorthand_parent.empty() ? resolved : shorthand_parent, entry.key)};
  }
  const auto* choice = alternatives();
  if (!choice || map.entries.size() != 1) return {};
  const auto* inner = argument(*choice, entry.key);
  if (choice->alternatives.plugins) return {inner, true, below, resolved};
  const bool bare = inner && inner->kind == Schema::Kind::map && !inner->shorthand_key.empty();
  return {inner, false, below, joined(resolved, entry.key), bare ? resolved : ""};
}

std::string resolved_path(const SchemaCursor& here) {
  const bool is_key =
      here.schema && here.schema->kind == Schema::Kind::map && here.shorthand_parent.empty();
  return is_key && !here.schema->shorthand_key.empty()
             ? joined(here.resolved, here.schema->shorthand_key)
             : here.resolved;
}

}  // namespace descent::yaml
