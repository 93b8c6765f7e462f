// SPDX-License-Identifier: MIT
#include "experiment/source/deep_merge.h"

#include <algorithm>

namespace descent::experiment {

Tree deep_merge(const Schema& schema, const Tree& below, const Tree& above) {
  const auto is_map = [](const Tree& tree) { return tree->kind == Node::Kind::map; };
  if (schema.kind != Schema::Kind::map || !is_map(below) || !is_map(above)) return above;
  Node laid = *below;
  for (const auto& entry : above->entries) {
    const auto* key = schema.find(entry.key);
    const auto same = std::ranges::find(laid.entries, entry.key, &Entry::key);
    if (same == laid.entries.end())
      laid.entries.push_back(entry);
    else
      *same = {entry.key, entry.place,
               key ? deep_merge(key->schema, same->value, entry.value) : entry.value};
  }
  return make_tree(std::move(laid));
}

}  // namespace descent::experiment
