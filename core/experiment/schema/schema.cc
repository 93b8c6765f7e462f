// SPDX-License-Identifier: MIT
#include "experiment/schema/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <memory>

namespace descent::yaml {
namespace {

Shape numeric(Shape::Kind kind, double low, double high) {
  Shape shape;
  shape.kind = kind;
  shape.low = low;
  shape.high = high;
  return shape;
}

// " >= 1", " in [0, 1]", "": the range as part of a sentence.
std::string range_clause(const Shape& shape) {
  const bool below = std::isfinite(shape.low), above = shape.high < largest_whole;
  if (below && above) return " in " + range(shape);
  if (below) return fmt::format(" {} {}", shape.low_open ? ">" : ">=", shape.low);
  if (above) return fmt::format(" {} {}", shape.high_open ? "<" : "<=", shape.high);
  return "";
}

std::string tuple_text(const Shape& shape) {
  if (shape.rising) return "[a, b] with a < b";
  std::vector<std::string> names;
  for (const auto& item : shape.items) names.push_back(item.noun);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

}  // namespace

const Key* Shape::find(const std::string& key) const {
  for (const auto& one : keys)
    if (one.name == key) return &one;
  return nullptr;
}

std::vector<std::string> Shape::key_names() const {
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

Shape number(double low, double high) { return numeric(Shape::Kind::number, low, high); }
Shape whole(double low, double high) { return numeric(Shape::Kind::whole, low, high); }

Shape flag() {
  Shape shape;
  shape.kind = Shape::Kind::flag;
  return shape;
}

Shape text() { return {}; }

Shape path() {
  auto shape = text();
  shape.is_path = true;
  return shape;
}

Shape word(std::vector<std::string> words) {
  Shape shape;
  shape.words = std::move(words);
  return shape;
}

Shape list(Shape item, std::size_t least) {
  Shape shape;
  shape.kind = Shape::Kind::list;
  shape.items = {std::move(item)};
  shape.least = least;
  return shape;
}

Shape one_or_list(Shape item, std::size_t least) {
  auto shape = list(std::move(item), least);
  shape.bare = true;
  return shape;
}

Shape interval() {
  Shape shape;
  shape.kind = Shape::Kind::tuple;
  shape.items = {number(), number()};
  shape.rising = true;
  return shape;
}

Shape map(std::string noun, std::vector<Key> keys, std::string bare_key) {
  Shape shape;
  shape.kind = Shape::Kind::map;
  shape.noun = std::move(noun);
  shape.keys = std::move(keys);
  shape.bare_key = std::move(bare_key);
  return shape;
}

Shape alone() { return map("", {}); }

Shape choice(std::string noun, std::vector<Key> alternatives) {
  Shape shape;
  shape.kind = Shape::Kind::choice;
  shape.noun = std::move(noun);
  for (auto& one : alternatives)
    if (one.shape.kind == Shape::Kind::map)
      one.shape.noun = fmt::format("{} '{}'", shape.noun, one.name);
  const auto all = std::make_shared<const Shape>(map("", std::move(alternatives)));
  shape.alternatives.names = [all] { return all->key_names(); };
  shape.alternatives.shape = [all](const std::string& name) -> const Shape& {
    return all->find(name)->shape;
  };
  return shape;
}

Key required(std::string name, Shape shape, std::string doc, std::string example) {
  return {std::move(name), std::move(shape), true, nullptr, std::move(doc), std::move(example)};
}

Key spared(Key required, Spare spare) {
  required.spare = std::move(spare);
  return required;
}

Key optional(std::string name, Shape shape, nlohmann::json fallback, std::string doc) {
  return {std::move(name), std::move(shape), false, std::move(fallback), std::move(doc), ""};
}

Key alternative(std::string name, Shape argument, std::string doc) {
  return {std::move(name), std::move(argument), false, nullptr, std::move(doc), ""};
}

bool in_range(const Shape& shape, double value) {
  return (shape.low_open ? shape.low < value : shape.low <= value) &&
         (shape.high_open ? value < shape.high : value <= shape.high);
}

std::string range(const Shape& shape) {
  const auto high = shape.high == largest_whole ? "2^53" : fmt::format("{}", shape.high);
  return fmt::format("{}{}, {}{}", shape.low_open || std::isinf(shape.low) ? '(' : '[', shape.low,
                     high, shape.high_open || std::isinf(shape.high) ? ')' : ']');
}

bool is_alone(const Shape& shape) { return shape.kind == Shape::Kind::map && shape.keys.empty(); }

std::string expected(const Shape& shape) {
  const auto words = fmt::format("{}", fmt::join(shape.words, " or "));
  const auto or_words = words.empty() ? "" : " or " + words;
  switch (shape.kind) {
    case Shape::Kind::number:
      return "a number" + range_clause(shape) + or_words;
    case Shape::Kind::whole:
      return "a whole number" + range_clause(shape) + or_words;
    case Shape::Kind::flag:
      return "true or false";
    case Shape::Kind::text:
      return words.empty() ? "text" : words;
    case Shape::Kind::duration:
      return "a time above 0 such as 30s, 2min, 500ms or 1h";
    case Shape::Kind::memory:
      return "an amount of memory of at least 1MB such as 2GB, 500MB or 512MiB";
    case Shape::Kind::list:
      return std::string(shape.bare ? "one value or a list" : "a list");
    case Shape::Kind::tuple:
      return tuple_text(shape);
    case Shape::Kind::map:
      return "a map of keys";
    case Shape::Kind::choice:
      return fmt::format("NAME or NAME: {{...}} of {} {}",
                         std::string("aeiou").find(shape.noun[0]) == std::string::npos ? "a" : "an",
                         shape.noun);
  }
  return "";
}

}  // namespace descent::yaml
