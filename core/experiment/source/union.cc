// SPDX-License-Identifier: MIT
#include "experiment/source/union.h"

#include <fmt/format.h>

#include "experiment/source/deep_merge.h"

namespace descent::experiment {
namespace {

bool is_block(const Node& block, std::vector<Problem>& problems) {
  const auto before = problems.size();
  if (block.kind != Node::Kind::map) {
    if (block.kind != Node::Kind::broken)
      report(problems, block.place, "union: expected a map of keys, found " + found(block));
    return false;
  }
  if (const auto* entry = block.find("union"))
    report(problems, entry->place,
           "union: a block cannot contain a union; list its blocks directly");
  for (const auto* key : {"experiment", "description", "draws", "sampler", "where"})
    if (const auto* entry = block.find(key))
      report(problems, entry->place, fmt::format("union: {} is the same for all blocks", key));
  return problems.size() == before;
}

}  // namespace

Tree with_union(const Tree& file, const Schema& schema, std::vector<Problem>& problems) {
  const auto* entry = file->find("union");
  if (!entry) return file;
  Node rest = *file;
  std::erase_if(rest.entries, [](const Entry& one) { return one.key == "union"; });
  const auto under = make_tree(std::move(rest));

  Node grid;
  grid.kind = Node::Kind::grid;
  grid.place = file->place;
  for (const auto& block : entry->value->items)
    if (is_block(*block, problems)) grid.items.push_back(deep_merge(schema, under, block));
  if (entry->value->kind != Node::Kind::list || entry->value->items.empty())
    report(problems, entry->value->place, "union: expected a list of maps");
  return grid.items.empty() ? under : make_tree(std::move(grid));
}

Without without_keys(const Tree& file, const std::vector<std::string>& keys) {
  Without all{nullptr, std::vector<std::optional<Entry>>(keys.size())};
  Node rest = *file;
  if (file->kind == Node::Kind::grid)
    for (auto& block : rest.items) {
      auto of_block = without_keys(block, keys);
      block = std::move(of_block.file);
      all.keys = std::move(of_block.keys);
    }
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (const auto* entry = file->find(keys[i])) all.keys[i] = *entry;
  std::erase_if(rest.entries, [&](const Entry& one) { return std::ranges::count(keys, one.key); });
  all.file = make_tree(std::move(rest));
  return all;
}

}  // namespace descent::experiment
