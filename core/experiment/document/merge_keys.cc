// SPDX-License-Identifier: MIT
#include "experiment/document/merge_keys.h"

#include <unordered_map>
#include <unordered_set>

namespace descent::yaml {
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
    Node node = *tree;
    bool same = true;
    const auto visit = [&](Tree& child) {
      const auto before = child;
      child = merged(child);
      same &= child == before;
    };
    for (auto& item : node.items) visit(item);
    for (auto& entry : node.entries) visit(entry.value);
    for (const auto& entry : node.entries)
      if (is_merge(entry)) return make_tree(carried_out(std::move(node)));
    return same ? tree : make_tree(std::move(node));
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

}  // namespace descent::yaml
