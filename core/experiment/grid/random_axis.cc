// SPDX-License-Identifier: MIT
#include "experiment/grid/random_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/grid/sampler.h"
#include "experiment/schema/schema_cursor.h"
#include "experiment/source/union.h"

namespace descent::experiment {
namespace {

using Kind = Node::Kind;
using Units = std::vector<double>;

const std::vector<std::string> samplers = {"random", "halton", "sobol"};

std::optional<Kind> random_kind(const std::string& word) {
  const auto kind = axis_kind(word);
  return kind && *kind >= Kind::uniform ? kind : std::nullopt;
}

// Whether {integers: [a, b, n]} is meant, which draws nothing.
bool is_space(Kind kind, const Node& ends) {
  const bool of_integers = kind == Kind::integers || kind == Kind::logintegers;
  return of_integers && ends.kind == Kind::list && ends.items.size() == 3;
}

// Whether a key means something here without being an axis. Below an unknown key nothing is an
// axis: that key is reported.
bool is_known(const SchemaCursor& here, const std::string& key) {
  if (!here.schema) return true;
  if (here.schema->kind == Schema::Kind::map) return here.schema->find(key) != nullptr;
  const auto* choice = as_choice(here.schema);
  return choice && std::ranges::count(choice->alternatives.names(), key) > 0;
}

bool holds_other_axes(const Node& node) {
  const auto in = [](const Tree& tree) { return holds_other_axes(*tree); };
  return (is_axis(node) && !is_random_axis(node)) || std::ranges::any_of(node.items, in) ||
         std::ranges::any_of(node.entries, [&](const Entry& entry) { return in(entry.value); });
}

// Turns what is drawn into axes, with room for numbers that are filled in when all paths are known.
class Recogniser {
 public:
  Recogniser(std::uint64_t draws, std::vector<Problem>& problems)
      : draws_(draws), problems_(problems) {}

  Tree read(const Tree& tree, const SchemaCursor& here) {
    Node node = *tree;
    for (const auto& entry : node.entries)
      if (const auto kind = random_kind(entry.key); kind && !is_known(here, entry.key))
        return make_tree(is_space(*kind, *entry.value) ? integer_space(node, entry, problems_)
                                                       : axis(*kind, node, entry, here));
    const bool is_list = !is_axis(node);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      node.items[i] = read(node.items[i], is_list ? here.item(i) : here);
    for (auto& entry : node.entries) entry.value = read(entry.value, here.entry(*tree, entry));
    return make_tree(std::move(node));
  }

  const std::vector<std::string>& paths() const { return paths_; }
  const std::optional<Place>& first() const { return first_; }  // of the random axes

  void fill(std::vector<Units> units) {
    for (std::size_t i = 0; i < units.size(); ++i) *units_[i] = std::move(units[i]);
  }

 private:
  Node axis(Kind kind, const Node& map, const Entry& word, const SchemaCursor& here) {
    Node node;
    node.place = map.place;
    const auto objection = map.entries.size() > 1
                               ? "must be the only key of its map: the axis replaces the "
                                 "whole value, and random axes advance together without zip"
                           : kind == Kind::choice ? read_choices(*word.value, here, node)
                                                  : read_ends(kind, *word.value, node);
    if (!first_) first_ = word.place;
    node.kind = objection.empty() ? kind : Kind::broken;
    if (!objection.empty())
      report(
          problems_, map.entries.size() > 1 ? word.place : word.value->place,
          (map.entries.size() > 1 ? fmt::format("'{}' ", word.key) : word.key + ": ") + objection);
    if (node.kind == Kind::broken) node.items.clear();
    if (node.kind == Kind::broken) return node;
    node.zip = random_zip;
    node.steps = draws_;
    node.units = units(resolved_path(here));
    return node;
  }

  std::string read_choices(const Node& list, const SchemaCursor& here, Node& axis) {
    if (list.kind != Kind::list || list.items.empty())
      return "expected a list of values, found " +
             (list.kind == Kind::list ? "an empty list" : found(list));
    for (const auto& item : list.items) axis.items.push_back(read(item, here));
    if (std::ranges::any_of(axis.items, [](auto& item) { return holds_other_axes(*item); }))
      return "its values cannot contain grid, linspace or logspace, only random axes";
    return "";
  }

  static std::string read_ends(Kind kind, const Node& list, Node& axis) {
    if (list.kind != Kind::list || list.items.size() != 2 ||
        !read_number(*list.items[0], axis.from) || !read_number(*list.items[1], axis.to) ||
        axis.from >= axis.to)
      return "expected two finite numbers [a, b] with a < b";
    const bool is_log = kind == Kind::loguniform || kind == Kind::logintegers;
    if (is_log && axis.from <= 0) return "both ends must be above 0";
    if (!std::isfinite(axis.to - axis.from)) return "the ends are too far apart";
    const auto whole = [](const Tree& end) {
      double x = 0;
      return read_whole(*end, x) && std::abs(x) <= largest_whole / 2;
    };
    const bool of_integers = kind == Kind::integers || kind == Kind::logintegers;
    if (of_integers && !(whole(list.items[0]) && whole(list.items[1])))
      return "expected whole numbers [a, b], both included, of at most 2^52";
    return "";
  }

  std::shared_ptr<const Units> units(const std::string& path) {
    const auto known = std::ranges::find(paths_, path);
    if (known != paths_.end()) return units_[std::size_t(known - paths_.begin())];
    paths_.push_back(path);
    return units_.emplace_back(std::make_shared<Units>());
  }

  std::uint64_t draws_;
  std::vector<Problem>& problems_;
  std::vector<std::string> paths_;
  std::vector<std::shared_ptr<Units>> units_;
  std::optional<Place> first_;
};

std::uint64_t read_count(const Node& node, std::vector<Problem>& problems) {
  double value = 0;
  if (read_number(node, value) && value == std::floor(value) && 1 <= value &&
      value <= double(most_draws))
    return std::uint64_t(value);
  report(
      problems, node.place,
      fmt::format("draws: expected a whole number in [1, {}], found {}", most_draws, found(node)));
  return 1;
}

Sampler read_sampler(const Node& node, std::vector<Problem>& problems) {
  const auto known = std::ranges::find(samplers, node.text);
  if (node.kind == Kind::scalar && known != samplers.end())
    return Sampler(known - samplers.begin());
  report(problems, node.place,
         node.kind == Kind::scalar
             ? fmt::format("sampler: '{}' is not known{}", node.text,
                           did_you_mean(node.text, samplers))
             : "sampler: expected random, halton or sobol, found " + found(node));
  return Sampler::random;
}

// The file's own seed, or the first of several: more seeds then leave the draws as they are.
std::uint64_t first_seed(const Node& file, std::vector<Problem>& problems) {
  const Node* map = &file;
  while (map->kind == Kind::grid) map = map->items.front().get();
  const auto* entry = map->find("seed");
  if (!entry) return 0;
  auto seed = entry->value;
  while (is_axis(*seed) && !is_random_axis(*seed)) seed = value_of(*seed, 0);
  if (is_random_axis(*seed))
    report(problems, seed->place, "seed cannot be random: it determines all draws");
  double value = 0;
  return read_number(*seed, value) && 0 <= value && value <= largest_whole ? std::uint64_t(value)
                                                                           : 0;
}

}  // namespace

Tree with_random_axes(const Tree& file, const Schema& schema, std::vector<Problem>& problems) {
  const auto [rest, keys] = without_keys(file, {"draws", "sampler"});
  const auto &draws = keys[0], &sampler = keys[1];
  const auto count = draws ? read_count(*draws->value, problems) : 1;
  const auto by = sampler ? read_sampler(*sampler->value, problems) : Sampler::random;
  Recogniser recogniser(count, problems);
  auto tree = recogniser.read(rest, {&schema, false, "", ""});
  const auto seed = first_seed(*tree, problems);
  if (recogniser.first() && !draws)
    report(problems, *recogniser.first(),
           "a random axis needs the number of draws; add the key `draws` to the file, as in "
           "`draws: 20`");
  for (const auto& key : keys)
    if (key && !recogniser.first())
      report(problems, key->place,
             fmt::format("{}: the file has no random axis; a random axis is uniform, loguniform, "
                         "integers, logintegers or choice, as in lr: {{loguniform: [0.001, 1]}}",
                         key->key));
  if (recogniser.paths().size() > most_dimensions(by))
    report(problems, sampler->place,
           fmt::format("sampler: sobol draws at most {} axes, the file has {}; use random",
                       most_dimensions(by), recogniser.paths().size()));
  else
    recogniser.fill(unit_draws(by, seed, recogniser.paths(), count));
  return tree;
}

}  // namespace descent::experiment
