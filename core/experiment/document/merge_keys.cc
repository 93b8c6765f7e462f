// SPDX-License-Identifier: MIT
#include "experiment/document/merge_keys.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace descent::experiment {
namespace {

bool is_merge(const Entry& entry) { return entry.key == "<<"; }

class Merging {
 public:
  explicit Merging(std::vector<Problem>& problems) : problems_(problems) {}

  // An anchored node may stand at many places; it is looked at once.
  Tree merged(const Tree& tree) {
    if (tree->items.empty() && tree->entries.empty()) return tree;
    auto& known = done_[tree.get()];
    if (known) return known;
    const auto made = rebuilt(tree);
    return done_[tree.get()] = made;
  }

 private:
  Tree rebuilt(const Tree& tree) {
    const auto changed = transform(tree, [&](const Tree& child) { return merged(child); });
    const bool merges = std::ranges::any_of(changed->entries, is_merge);
    return merges ? make_tree(carried_out(*changed)) : changed;
  }

  Node carried_out(Node node) {
    std::unordered_set<std::string> keys;
    for (const auto& entry : node.entries) keys.insert(entry.key);
    std::vector<Entry> all;
    for (auto& entry : node.entries) {
      if (!is_merge(entry))
        all.push_back(std::move(entry));
      else if (entry.value->kind == Node::Kind::list)
        for (const auto& map : entry.value->items) bring(*map, keys, all);
      else
        bring(*entry.value, keys, all);
    }
    node.entries = std::move(all);
    return node;
  }

  void bring(const Node& map, std::unordered_set<std::string>& keys, std::vector<Entry>& all) {
    if (map.kind == Node::Kind::broken) return;
    if (map.kind != Node::Kind::map)
      return report(problems_, map.place,
                    "<<: expected a map of keys, or a list of maps, found " + found(map));
    for (const auto& entry : map.entries)
      if (keys.insert(entry.key).second) all.push_back(entry);
  }

  std::vector<Problem>& problems_;
  std::unordered_map<const Node*, Tree> done_;
};

}  // namespace

Tree with_merges(const Tree& tree, std::vector<Problem>& problems) {
  return Merging(problems).merged(tree);
}

}  // namespace descent::experiment
