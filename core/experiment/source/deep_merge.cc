// SPDX-License-Identifier: MIT
#include "experiment/source/deep_merge.h"

#include <algorithm>

namespace descent::yaml {

Tree lay_over(const Shape& shape, const Tree& below, const Tree& above) {
  const auto is_map = [](const Tree& tree) { return tree->kind == Node::Kind::map; };
  if (shape.kind != Shape::Kind::map || !is_map(below) || !is_map(above)) return above;
  Node laid = *below;
  for (const auto& entry : above->entries) {
    const auto* key = shape.find(entry.key);
    const auto same = std::ranges::find(laid.entries, entry.key, &Entry::key);
    if (same == laid.entries.end())
      laid.entries.push_back(entry);
    else
      *same = {entry.key, entry.place,
               key ? lay_over(key->shape, same->value, entry.value) : entry.value};
  }
  return finished(std::move(laid));
}

}  // namespace descent::yaml
