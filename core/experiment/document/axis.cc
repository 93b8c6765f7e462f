// SPDX-License-Identifier: MIT
#include "experiment/document/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/number.h"
#include "experiment/document/random_value.h"

namespace descent::experiment {
namespace {

// The words of random axes are recognised where the language does not know them (random_axis.h).
bool is_axis_key(const std::string& key) {
  const auto kind = axis_kind(key);
  return kind && *kind < Node::Kind::uniform;
}

Node broken(Place place) {
  Node node;
  node.kind = Node::Kind::broken;
  node.place = std::move(place);
  return node;
}

Node grid(Place place, const Node& list, std::vector<Problem>& problems) {
  if (list.kind != Node::Kind::list || list.items.empty()) {
    report(problems, list.place,
           "grid: expected a list of values, found " +
               (list.kind == Node::Kind::list ? "an empty list" : found(list)));
    return broken(std::move(place));
  }
  Node node;
  node.kind = Node::Kind::grid;
  node.place = std::move(place);
  node.items = list.items;
  return node;
}

// "" when the list is [a, b, n] of two different ends and a whole number of steps.
std::string read_ends(const Node& list, Node& axis) {
  double steps = 0;
  if (list.kind != Node::Kind::list || list.items.size() != 3 ||
      !read_number(*list.items[0], axis.from) || !read_number(*list.items[1], axis.to) ||
      !read_number(*list.items[2], steps))
    return "expected three numbers [a, b, n]: both ends and how many values";
  if (!read_whole(*list.items[2], steps) || steps < 2 || steps > double(max_points))
    return fmt::format("expected a whole number n >= 2 of values, found '{}'", list.items[2]->text);
  for (const auto& end : {list.items[0], list.items[1]})
    if (double value = 0; whole_digits(end->text) && !read_whole(*end, value))
      return fmt::format("{} cannot be represented exactly; whole numbers go up to 2^53",
                         end->text);
  if (axis.from == axis.to) return fmt::format("both ends are {}", axis.from);
  if (axis.kind == Node::Kind::logspace && (axis.from <= 0 || axis.to <= 0))
    return "both ends must be above 0: they are the values at the ends, not exponents";
  axis.steps = std::uint64_t(steps);
  return "";
}

Node space(const std::string& key, Place place, const Node& list, std::vector<Problem>& problems) {
  Node node;
  node.kind = *axis_kind(key);
  node.place = place;
  const auto objection = read_ends(list, node);
  if (objection.empty()) return node;
  report(problems, list.place, key + ": " + objection);
  return broken(std::move(place));
}

double rounded(double value) { return std::strtod(fmt::format("{:.15g}", value).c_str(), nullptr); }

bool is_only_key(const Node& map, const Entry& axis, std::vector<Problem>& problems) {
  const auto others = map.entries.size() - (map.find("zip") ? 1 : 0);
  if (others == 1) return true;
  report(problems, axis.place,
         fmt::format("'{}' must be the only key of its map, except for zip: the axis replaces "
                     "the whole value",
                     axis.key));
  return false;
}

// Null when the map is not an axis, or a problem is reported.
const Entry* axis_entry(const Node& map, std::vector<Problem>& problems) {
  const auto axis = std::ranges::find_if(map.entries, [](auto& e) { return is_axis_key(e.key); });
  if (axis == map.entries.end() || !is_only_key(map, *axis, problems)) return nullptr;
  return &*axis;
}

// Whether rounding keeps the values apart.
bool are_apart(Node ends, std::uint64_t steps) {
  ends.steps = steps;
  double last = std::round(axis_value(ends, 0));
  for (std::uint64_t i = 1; i < steps; ++i) {
    const double next = std::round(axis_value(ends, i));
    if (next == last) return false;
    last = next;
  }
  return true;
}

// "" when whole numbers are the ends and as many as wanted lie between them.
std::string integers_objection(const Node& ends) {
  constexpr std::uint64_t most = 100'000;
  if (ends.from != std::floor(ends.from) || ends.to != std::floor(ends.to))
    return "expected whole numbers as both ends of [a, b, n]";
  if (ends.steps > most) return fmt::format("at most {} values are spaced", most);
  if (are_apart(ends, ends.steps)) return "";
  auto fewer = std::min(ends.steps, std::uint64_t(std::abs(ends.to - ends.from)) + 1);
  while (!are_apart(ends, fewer)) --fewer;
  return fmt::format(
      "{} whole numbers from {} to {} so spaced are not all different; use n of at "
      "most {}",
      ends.steps, ends.from, ends.to, fewer);
}

std::string zip_name(const Entry* zip, std::vector<Problem>& problems) {
  if (!zip) return "";
  if (zip->value->kind == Node::Kind::scalar && zip->value->text != random_zip &&
      !zip->value->text.empty())
    return zip->value->text;
  report(problems, zip->value->place,
         "zip: expected a name, which the axes that advance together share, found " +
             found(*zip->value));
  return "";
}

}  // namespace

const char* axis_word(Node::Kind kind) {
  return std::ranges::find(axis_words, kind, &AxisWord::kind)->word;
}

std::optional<Node::Kind> axis_kind(const std::string& word) {
  const auto found = std::ranges::find(axis_words, word, &AxisWord::word);
  return found == std::end(axis_words) ? std::nullopt : std::optional(found->kind);
}

Node as_axis(Node map, std::vector<Problem>& problems) {
  if (std::ranges::none_of(map.entries, [](auto& e) { return is_axis_key(e.key); })) return map;
  const auto* axis = axis_entry(map, problems);
  if (!axis) return broken(map.place);
  auto node = axis->key == "grid" ? grid(map.place, *axis->value, problems)
                                  : space(axis->key, map.place, *axis->value, problems);
  node.zip = zip_name(map.find("zip"), problems);
  return node;
}

std::uint64_t axis_length(const Node& axis) {
  return axis.kind == Node::Kind::grid ? axis.items.size() : axis.steps;
}

bool is_random_axis(const Node& node) { return node.kind >= Node::Kind::uniform; }

bool is_zipped(const Node& axis) { return !axis.zip.empty(); }

double axis_value(const Node& axis, std::uint64_t i) {
  if (i == 0) return axis.from;
  if (i + 1 == axis.steps) return axis.to;
  const long double a = axis.from, b = axis.to, along = (long double)i / (axis.steps - 1);
  const bool is_log = axis.kind == Node::Kind::logspace;
  const auto value = double(is_log ? a * std::pow(b / a, along) : a + (b - a) * along);
  const bool is_exact = value == std::floor(value) && std::abs(value) <= 0x1p53;
  return is_exact ? value : rounded(value);
}

Node integer_space(const Node& map, const Entry& word, std::vector<Problem>& problems) {
  if (!is_only_key(map, word, problems)) return broken(map.place);
  Node ends;
  ends.kind = word.key == "integers" ? Node::Kind::linspace : Node::Kind::logspace;
  auto objection = read_ends(*word.value, ends);
  if (objection.empty()) objection = integers_objection(ends);
  if (!objection.empty()) {
    report(problems, word.value->place, word.key + ": " + objection);
    return broken(map.place);
  }
  Node node;
  node.kind = Node::Kind::grid;
  node.place = ends.place = map.place;
  for (std::uint64_t i = 0; i < ends.steps; ++i)
    node.items.push_back(picked_number(ends, std::round(axis_value(ends, i))));
  node.zip = zip_name(map.find("zip"), problems);
  return node;
}

Tree picked_number(const Node& axis, double value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.place = axis.place;
  node.picked_from = axis.kind;
  node.from = axis.from;
  node.to = axis.to;
  node.steps = axis.steps;
  node.text = fmt::format("{}", value);
  node.number = value;
  return make_tree(std::move(node));
}

Tree value_of(const Node& axis, std::uint64_t i) {
  if (axis.kind == Node::Kind::grid) return axis.items[i];
  if (is_random_axis(axis)) return random_value(axis, i);
  return picked_number(axis, axis_value(axis, i));
}

}  // namespace descent::experiment
