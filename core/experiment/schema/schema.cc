// SPDX-License-Identifier: MIT
#include "experiment/schema/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace descent::experiment {
namespace {

Schema numeric(Schema::Kind kind, double low, double high) {
  Schema schema;
  schema.kind = kind;
  schema.low = low;
  schema.high = high;
  return schema;
}

// " >= 1", " in [0, 1]", "": the range as part of a sentence.
std::string range_clause(const Schema& schema) {
  const bool below = std::isfinite(schema.low), above = schema.high < largest_whole;
  if (below && above) return " in " + range(schema);
  if (below) return fmt::format(" {} {}", schema.low_open ? ">" : ">=", schema.low);
  if (above) return fmt::format(" {} {}", schema.high_open ? "<" : "<=", schema.high);
  return "";
}

std::string tuple_text(const Schema& schema) {
  if (schema.rising) return "[a, b] with a < b";
  std::vector<std::string> names;
  for (const auto& item : schema.items) names.push_back(item.noun);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

}  // namespace

const Key* Schema::find(const std::string& key) const {
  for (const auto& one : keys)
    if (one.name == key) return &one;
  return nullptr;
}

std::vector<std::string> Schema::key_names() const {
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

Schema number(double low, double high) { return numeric(Schema::Kind::number, low, high); }
Schema whole(double low, double high) { return numeric(Schema::Kind::whole, low, high); }

Schema flag() {
  Schema schema;
  schema.kind = Schema::Kind::flag;
  return schema;
}

Schema text() { return {}; }

Schema path() {
  auto schema = text();
  schema.is_path = true;
  return schema;
}

Schema word(std::vector<std::string> words) {
  Schema schema;
  schema.words = std::move(words);
  return schema;
}

Schema list(Schema item, std::size_t least) {
  Schema schema;
  schema.kind = Schema::Kind::list;
  schema.items = {std::move(item)};
  schema.least = least;
  return schema;
}

Schema one_or_list(Schema item, std::size_t least) {
  auto schema = list(std::move(item), least);
  schema.bare = true;
  return schema;
}

Schema interval() {
  Schema schema;
  schema.kind = Schema::Kind::tuple;
  schema.items = {number(), number()};
  schema.rising = true;
  return schema;
}

Schema map(std::string noun, std::vector<Key> keys, std::string shorthand_key) {
  Schema schema;
  schema.kind = Schema::Kind::map;
  schema.noun = std::move(noun);
  schema.keys = std::move(keys);
  schema.shorthand_key = std::move(shorthand_key);
  return schema;
}

Schema no_arguments() { return map("", {}); }

Schema choice(std::string noun, std::vector<Key> alternatives) {
  Schema schema;
  schema.kind = Schema::Kind::choice;
  schema.noun = std::move(noun);
  for (auto& one : alternatives)
    if (one.schema.kind == Schema::Kind::map)
      one.schema.noun = fmt::format("{} '{}'", schema.noun, one.name);
  const auto all = std::make_shared<const Schema>(map("", std::move(alternatives)));
  schema.alternatives.names = [all] { return all->key_names(); };
  schema.alternatives.schema = [all](const std::string& name) -> const Schema& {
    return all->find(name)->schema;
  };
  return schema;
}

Key required(std::string name, Schema schema, std::string doc, std::string example) {
  return {std::move(name), std::move(schema), true, nullptr, std::move(doc), std::move(example)};
}

Key required_unless(Key required, Unless unless) {
  required.unless = std::move(unless);
  return required;
}

bool accepts_none(const Key& key) {
  if (key.required || !key.fallback.is_null()) return false;
  const auto* schema = &key.schema;
  if (schema->kind == Schema::Kind::list && schema->bare) schema = &schema->items.front();
  if (schema->kind == Schema::Kind::text && schema->words.empty()) return false;
  if (schema->kind == Schema::Kind::choice && !schema->alternatives.plugins) {
    const auto names = schema->alternatives.names();
    if (std::ranges::count(names, "none") > 0) return false;
  }
  return std::ranges::count(schema->words, "none") == 0;
}

Key optional(std::string name, Schema schema, nlohmann::json fallback, std::string doc) {
  return {std::move(name), std::move(schema), false, std::move(fallback), std::move(doc), ""};
}

Key alternative(std::string name, Schema argument, std::string doc) {
  return {std::move(name), std::move(argument), false, nullptr, std::move(doc), ""};
}

bool in_range(const Schema& schema, double value) {
  return (schema.low_open ? schema.low < value : schema.low <= value) &&
         (schema.high_open ? value < schema.high : value <= schema.high);
}

std::string range(const Schema& schema) {
  const auto high = schema.high == largest_whole ? "2^53" : fmt::format("{}", schema.high);
  return fmt::format("{}{}, {}{}", schema.low_open || std::isinf(schema.low) ? '(' : '[',
                     schema.low, high, schema.high_open || std::isinf(schema.high) ? ')' : ']');
}

bool has_no_arguments(const Schema& schema) {
  return schema.kind == Schema::Kind::map && schema.keys.empty();
}

std::string expected(const Schema& schema) {
  const auto words = fmt::format("{}", fmt::join(schema.words, " or "));
  const auto or_words = words.empty() ? "" : " or " + words;
  switch (schema.kind) {
    case Schema::Kind::number:
      return "a number" + range_clause(schema) + or_words;
    case Schema::Kind::whole:
      return "a whole number" + range_clause(schema) + or_words;
    case Schema::Kind::flag:
      return "true or false";
    case Schema::Kind::text:
      return words.empty() ? "text" : words;
    case Schema::Kind::duration:
      return "a time above 0 such as 30s, 2min, 500ms or 1h";
    case Schema::Kind::memory:
      return "an amount of memory of at least 1MB such as 2GB, 500MB or 512MiB";
    case Schema::Kind::list:
      return std::string(schema.bare ? "one value or a list" : "a list");
    case Schema::Kind::tuple:
      return tuple_text(schema);
    case Schema::Kind::map:
      return "a map of keys";
    case Schema::Kind::choice:
      return fmt::format(
          "NAME or NAME: {{...}} of {} {}",
          std::string("aeiou").find(schema.noun[0]) == std::string::npos ? "a" : "an", schema.noun);
  }
  return "";
}

}  // namespace descent::experiment
