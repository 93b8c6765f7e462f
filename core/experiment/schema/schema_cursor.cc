// SPDX-License-Identifier: MIT
#include "experiment/schema/schema_cursor.h"

#include <algorithm>

#include "experiment/schema/path.h"

namespace descent::experiment {

const Schema* as_choice(const Schema* schema) {
  if (schema && schema->kind == Schema::Kind::list && schema->bare) schema = &schema->items.front();
  return schema && schema->kind == Schema::Kind::choice ? schema : nullptr;
}

const Schema* argument_schema(const Schema& choice, const std::string& name) {
  try {
    const auto names = choice.alternatives.names();
    return std::ranges::count(names, name) > 0 ? &choice.alternatives.schema(name) : nullptr;
  } catch (const Error&) {
    return nullptr;
  }
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
    const auto* any = schema->items.empty() ? nullptr : &schema->items.front();
    return {key ? &key->schema : any, in_plugin && key, below,
            bare ? resolved
                 : joined(shorthand_parent.empty() ? resolved : shorthand_parent, entry.key)};
  }
  const auto* choice = as_choice(schema);
  if (!choice || map.entries.size() != 1) return {};
  const auto* inner = argument_schema(*choice, entry.key);
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

}  // namespace descent::experiment
