// SPDX-License-Identifier: MIT
#include "experiment/language/stage_trees.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/suggestion.h"
#include "experiment/grid/point_grid.h"
#include "experiment/language/language.h"
#include "experiment/schema/path.h"
#include "experiment/source/override.h"
#include "record/task.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

// Of a file with a union, the first of its blocks: stages are the same for all.
const Node* top_value(const Node& tree, const std::string& key) {
  const auto& map = tree.kind == Node::Kind::grid ? *tree.items.front() : tree;
  const auto* entry = map.find(key);
  return entry ? entry->value.get() : nullptr;
}

// `tune: 5` is short for `tune: {replicates: 5}`.
Tree value_of(const Tree& stage, const std::string& key) {
  if (stage->kind == Node::Kind::scalar) return key == "replicates" ? stage : nullptr;
  const auto* entry = stage->find(key);
  return entry && entry->value->kind == Node::Kind::scalar ? entry->value : nullptr;
}

Tree scalar(std::string text, const Place& place, bool quoted) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  node.place = place;
  return make_tree(std::move(node));
}

Tree without_stages(const Tree& point) {
  Node map = *point;
  std::erase_if(map.entries,
                [](const Entry& one) { return one.key == "stages" || one.key == "prune"; });
  return make_tree(std::move(map));
}

// What stages.tune says instead of a key; null: nothing.
Tree tuned_value(const Node& tree, const std::string& key) {
  const auto* stages = top_value(tree, "stages");
  const auto* tune = stages && stages->kind == Node::Kind::map ? stages->find("tune") : nullptr;
  return tune ? value_of(tune->value, key) : nullptr;
}

bool gives_count(const Node& tree) {
  if (tree.kind == Node::Kind::grid)
    return std::ranges::any_of(tree.items, [](const Tree& block) { return gives_count(*block); });
  const auto* entry = tree.find("replicates");
  return entry && (entry->value->kind != Node::Kind::map || entry->value->find("count"));
}

// Whether both are what one place of the file says: a node may have been copied.
bool is_same(const Node* a, const Node* b) {
  if (a == b || !a || !b) return a == b;
  return a->kind == b->kind && a->text == b->text && a->place == b->place &&
         std::ranges::equal(a->items, b->items,
                            [](auto& x, auto& y) { return is_same(x.get(), y.get()); }) &&
         std::ranges::equal(a->entries, b->entries, [](auto& x, auto& y) {
           return x.key == y.key && is_same(x.value.get(), y.value.get());
         });
}

bool is_same_for_all(const Node& tree, const std::string& key, std::vector<Problem>& problems) {
  const auto* first = top_value(tree, key);
  bool same = !first || !first->varies;
  if (tree.kind == Node::Kind::grid)
    for (const auto& block : tree.items) same &= is_same(top_value(*block, key), first);
  if (!same)
    report(problems, first ? first->place : tree.place,
           fmt::format(
               "{} is the same for all points: it cannot contain an axis or be in a block of union",
               key));
  return same;
}

// A loss under another loss, or of other data, is in another unit; errors in the unit of the target
// are so of other data alone.
void check_comparable(const std::string& metric, const std::vector<std::string>& per,
                      const std::vector<std::string>& swept, const Place& place,
                      std::vector<Problem>& problems) {
  const auto known = record::find_metric(metric);
  const bool is_measure = known && record::is_measure(*known);
  if (is_measure ? !record::is_in_unit_of_target(*known) : !metric.ends_with("_loss")) return;
  const auto decides = is_measure ? record::decides_the_unit_of_targets : record::decides_the_unit;
  for (const auto& path : swept)
    if (decides(path) && std::ranges::count(per, path) == 0)
      return report(problems, place,
                    fmt::format("{} has different units in points that differ in {}; use per: {}",
                                metric, path, path));
}

void check_swept(const std::vector<std::string>& paths, const std::vector<std::string>& swept,
                 const std::string& key, const Place& place, std::vector<Problem>& problems) {
  for (const auto& path : paths)
    if (std::ranges::count(swept, path) == 0)
      report(problems, place,
             fmt::format("{}: the grid does not sweep '{}'{}", key, path,
                         swept.empty() ? "; leave per out" : did_you_mean(path, swept)));
}

}  // namespace

Tree tuned(const Tree& tree, const Schema& schema, std::vector<Problem>& problems) {
  for (const std::string key : {"stages", "prune"})
    if (!is_same_for_all(*tree, key, problems)) return tree;
  auto changed = tree;
  const std::pair<const char*, const char*> keys[] = {
      {"replicates", "replicates.count"}, {"seed", "seed"}, {"epochs", "train.epochs"}};
  for (const auto& [key, path] : keys) {
    const auto value = tuned_value(*tree, key);
    if (!value) continue;
    auto next = with_value(changed, schema, path, value, problems);
    if (PointGrid(next, schema).points() != PointGrid(changed, schema).points())
      report(problems, value->place,
             fmt::format("{0} is an axis of the file, which stages.tune.{1} would take away; "
                         "leave one of them out",
                         path, key));
    else
      changed = std::move(next);
  }
  return changed;
}

Tree with_tuned_count(const Tree& tree, const Schema& schema) {
  const auto count = tuned_value(*tree, "replicates");
  if (!count || gives_count(*tree)) return tree;
  std::vector<Problem> none;
  return with_value(tree, schema, "replicates.count", count, none);
}

void check_prune(const json& c, const Node& tree, const std::vector<std::string>& swept,
                 std::vector<Problem>& problems) {
  if (!has(c, "prune.asha")) return;
  const auto per = paths_of(value_at(c, "prune.asha.per"));
  check_swept(per, swept, "prune.asha.per", locate(tree, "prune.asha.per").place, problems);
  check_comparable(word(c, "prune.asha.metric"), per, swept, locate(tree, "prune.asha").place,
                   problems);
}

std::optional<Stages> stages_of(const json& c, const Node& tree,
                                const std::vector<std::string>& swept,
                                std::vector<Problem>& problems) {
  const auto& given = value_at(c, "stages");
  if (!given.is_object()) return {};
  const auto place = [&](const std::string& path) { return locate(tree, path).place; };
  auto stages = read_stages(given);
  check_swept(stages.select.per, swept, "stages.select.per", place("stages.select.per"), problems);
  check_comparable(stages.select.metric, stages.select.per, swept, place("stages.select"),
                   problems);
  const auto& replicates = c["replicates"];
  if (replicates.contains("until"))
    report(problems, place("replicates.until"),
           "stages say how many replicates there are; leave out replicates.until");
  if (stages.select.rule == "upper" && replicates["count"] == 1)
    report(problems, place("stages.select"),
           "rule: upper needs a standard error; give stages.tune 2 replicates or more");
  stages.first =
      replicates["first"].get<std::uint64_t>() + replicates["count"].get<std::uint64_t>();
  return stages;
}

Tree rerun_tree(const Tree& tree, const Schema& schema, const Stages& stages,
                const std::string& name, const std::vector<std::uint64_t>& points,
                std::vector<Problem>& problems) {
  const auto* place = top_value(*tree, "stages");
  const auto set = [&](Tree& changed, const char* path, std::string text, bool quoted) {
    changed =
        with_value(changed, schema, path, scalar(std::move(text), place->place, quoted), problems);
  };
  auto changed = tree;
  set(changed, "experiment", name + "-rerun", true);
  set(changed, "description", fmt::format("points selected from '{}', on new replicates", name),
      true);
  set(changed, "replicates.count", std::to_string(stages.replicates), false);
  set(changed, "replicates.first", std::to_string(stages.first), false);
  Node grid;
  grid.kind = Node::Kind::grid;
  grid.place = tree->place;
  const PointGrid point_grid(changed, schema);
  for (const auto point : points) grid.items.push_back(without_stages(point_grid.pick(point)));
  return make_tree(std::move(grid));
}

}  // namespace descent::experiment
