// SPDX-License-Identifier: MIT
#include "experiment/language/json_schema.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "experiment/document/axis.h"
#include "experiment/grid/random_axis.h"
#include "experiment/language/language.h"
#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

// Every value has a definition named after its path, so that an axis of it can refer back to it.
class Writer {
 public:
  json write(const Schema& schema) {
    auto root = plain(schema, "");
    root["required"] = required_keys(schema, {});
    allow_union(root);
    allow_sweep(root);
    allow_absence(root, schema);
    allow_files(root);
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    root["title"] = "descent experiment";
    root["$defs"] = definitions_;
    return root;
  }

 private:
  // What a file needs may stand in the blocks of its union.
  static void allow_union(json& root) {
    const json block = {
        {"type", "object"}, {"properties", root["properties"]}, {"additionalProperties", false}};
    root["anyOf"] = {{{"required", root["required"]}}, {{"required", {"union"}}}};
    root.erase("required");
    root["properties"]["union"] = {
        {"type", "array"},
        {"minItems", 1},
        {"items", block},
        {"description", "blocks that override the rest of the file, one after the other"}};
  }

  // Keys of the sweep, which no block has.
  static void allow_sweep(json& root) {
    const json condition = {{"type", "string"}};
    root["properties"]["draws"] = {{"type", "integer"},
                                   {"minimum", 1},
                                   {"maximum", most_draws},
                                   {"description", "number of draws of the random axes"}};
    root["properties"]["sampler"] = {{"enum", {"random", "halton", "sobol"}},
                                     {"default", "random"},
                                     {"description", "how random axes are drawn"}};
    root["properties"]["where"] = {
        {"anyOf", {condition, {{"type", "array"}, {"items", condition}}}},
        {"description", "conditions that points must meet to be planned"}};
  }

  // Or in the files that it includes. Keys that begin with x- hold anchors.
  static void allow_files(json& root) {
    const json name = {{"type", "string"}, {"minLength", 1}};
    root["anyOf"].push_back({{"required", {"include"}}});
    root["properties"]["include"] = {
        {"anyOf", {name, {{"type", "array"}, {"items", name}}}},
        {"description", "a file, or a list of files; keys of this file override theirs"}};
    root["patternProperties"]["^x-"] = {{"description", "ignored: a place for anchors"}};
  }

  // What the root needs when all its keys are needed, or when this path makes some of them
  // needless.
  static json required_keys(const Schema& schema, const std::string& absent_if) {
    auto keys = json::array();
    for (const auto& key : schema.keys)
      if (key.required && (absent_if.empty() || key.unless.path != absent_if))
        keys.push_back(key.name);
    return keys;
  }

  // A file that has what conditions some keys, or a grid in which it may stand, needs only the
  // others.
  static void allow_absence(json& root, const Schema& schema) {
    std::map<std::string, std::string> conditions;
    for (const auto& key : schema.keys)
      if (!key.unless.path.empty()) conditions[key.unless.path] = key.unless.name;
    for (const auto& [path, name] : conditions) {
      const auto end = path.find('.');
      const auto inner = end == path.npos ? name : path.substr(end + 1);
      const auto holds = [](const std::string& key) {
        return json{{"type", "object"}, {"required", {key}}};
      };
      const json is_there = {{"anyOf", {{{"const", inner}}, holds(inner), holds("grid")}}};
      root["anyOf"].push_back({{"required", required_keys(schema, path)},
                               {"properties", {{path.substr(0, end), is_there}}}});
    }
  }

  json reference(const std::string& path) { return {{"$ref", "#/$defs/" + path}}; }

  json value(const Schema& schema, const std::string& path) {
    definitions_[path] = nullptr;  // keeps the name while its parts are written
    auto any = json::array(
        {plain(schema, path), axis("grid", list_of(path)), random_axis("choice", list_of(path))});
    if (is_numeric(schema)) {
      for (const auto& [kind, word] : axis_words)
        if (kind != Node::Kind::grid && kind != Node::Kind::choice)
          any.push_back(kind < Node::Kind::uniform ? axis(word, ends())
                        : is_of_integers(kind)     ? axis(word, {{"anyOf", {two_ends(), ends()}}})
                                                   : random_axis(word, two_ends()));
    }
    definitions_[path] = {{"anyOf", std::move(any)}};
    return reference(path);
  }

  static bool is_numeric(const Schema& schema) {
    return schema.kind == Schema::Kind::number || schema.kind == Schema::Kind::whole;
  }

  static bool is_of_integers(Node::Kind kind) {
    return kind == Node::Kind::integers || kind == Node::Kind::logintegers;
  }

  json list_of(const std::string& path) {
    return {{"type", "array"}, {"minItems", 1}, {"items", reference(path)}};
  }

  static json two_ends() {
    return {{"type", "array"},
            {"description", "[least, greatest]"},
            {"prefixItems", {{{"type", "number"}}, {{"type", "number"}}}},
            {"minItems", 2},
            {"items", false}};
  }

  static json random_axis(const char* key, json content) {
    auto all = axis(key, std::move(content));
    all["properties"].erase("zip");
    return all;
  }

  static json ends() {
    return {{"type", "array"},
            {"description", "[first, last, number of values]"},
            {"prefixItems",
             {{{"type", "number"}}, {{"type", "number"}}, {{"type", "integer"}, {"minimum", 2}}}},
            {"minItems", 3},
            {"items", false}};
  }

  static json axis(const char* key, json content) {
    const json zip = {{"type", "string"}, {"description", "axes of one name advance together"}};
    return {{"type", "object"},
            {"properties", {{key, std::move(content)}, {"zip", zip}}},
            {"required", {key}},
            {"additionalProperties", false}};
  }

  json plain(const Schema& schema, const std::string& path) {
    switch (schema.kind) {
      case Schema::Kind::number:
      case Schema::Kind::whole:
        return or_words(schema, numeric(schema));
      case Schema::Kind::flag:
        return {{"type", "boolean"}};
      case Schema::Kind::text:
        return schema.words.empty() ? json{{"type", {"string", "number"}}}
                                    : json{{"enum", schema.words}};
      case Schema::Kind::duration:
        return {{"type", "string"}, {"pattern", "^[0-9.]+(ms|s|min|h)$"}};
      case Schema::Kind::memory:
        return {{"type", "string"}, {"pattern", "^[0-9.]+([kMGT]i?)?B$"}};
      case Schema::Kind::list:
        return list(schema, path);
      case Schema::Kind::tuple:
        return tuple(schema, path);
      case Schema::Kind::map:
        return map(schema, path);
      case Schema::Kind::choice:
        return choice(schema, path);
    }
    return true;
  }

  static json or_words(const Schema& schema, json number) {
    if (schema.words.empty()) return number;
    return {{"anyOf", {std::move(number), {{"enum", schema.words}}}}};
  }

  static json numeric(const Schema& schema) {
    json number = {{"type", schema.kind == Schema::Kind::whole ? "integer" : "number"}};
    if (std::isfinite(schema.low))
      number[schema.low_open ? "exclusiveMinimum" : "minimum"] = schema.low;
    if (std::isfinite(schema.high))
      number[schema.high_open ? "exclusiveMaximum" : "maximum"] = schema.high;
    return number;
  }

  json list(const Schema& schema, const std::string& path) {
    const auto item = value(schema.items.front(), path + ".item");
    json all = {{"type", "array"}, {"minItems", schema.least}, {"items", item}};
    return schema.bare ? json{{"anyOf", {item, std::move(all)}}} : all;
  }

  json tuple(const Schema& schema, const std::string& path) {
    auto items = json::array();
    for (std::size_t i = 0; i < schema.items.size(); ++i)
      items.push_back(value(schema.items[i], path + "." + std::to_string(i)));
    return {{"type", "array"},
            {"prefixItems", std::move(items)},
            {"minItems", schema.items.size()},
            {"items", false}};
  }

  json map(const Schema& schema, const std::string& path) {
    json object = {
        {"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
    for (const auto& key : schema.keys) {
      object["properties"][key.name] = property(key, joined(path, key.name));
      // What another part of the file can make needless cannot be asked for here.
      if (key.required && key.unless.path.empty()) object["required"].push_back(key.name);
    }
    if (!schema.items.empty())
      object["additionalProperties"] = value(schema.items.front(), path + ".any");
    if (schema.shorthand_key.empty()) return object;
    return {{"anyOf", {plain(schema.find(schema.shorthand_key)->schema, path), std::move(object)}}};
  }

  // An optimizer within an optimizer is what an optimizer is.
  json property(const Key& key, const std::string& path) {
    const auto& alternatives = key.schema.alternatives;
    auto one = alternatives.plugins && definitions_.contains(key.schema.noun)
                   ? reference(key.schema.noun)
                   : value(key.schema, path);
    if (accepts_none(key) && definitions_.contains(path))
      definitions_[path]["anyOf"].push_back({{"enum", {"none", nullptr}}});
    one["description"] = key.doc;
    const bool is_name = key.fallback.is_object() && key.fallback.contains("name");
    if (is_name)
      one["default"] = key.fallback["name"];
    else if (!key.fallback.is_null())
      one["default"] = key.fallback;
    return one;
  }

  // NAME where nothing must follow it, or {NAME: argument}.
  json choice(const Schema& schema, const std::string& path) {
    auto bare = json::array();
    auto with_argument = json::object();
    for (const auto& name : schema.alternatives.names()) {
      const auto& inner = schema.alternatives.schema(name);
      auto argument = value(inner, fmt::format("{}.{}", path, name));
      with_argument[name] =
          needs_nothing(inner) ? json{{"anyOf", {argument, {{"type", "null"}}}}} : argument;
      if (needs_nothing(inner)) bare.push_back(name);
    }
    json object = {{"type", "object"},
                   {"properties", std::move(with_argument)},
                   {"additionalProperties", false},
                   {"minProperties", 1},
                   {"maxProperties", 1}};
    if (bare.empty()) return object;
    return {{"anyOf", {{{"enum", std::move(bare)}}, std::move(object)}}};
  }

  static bool needs_nothing(const Schema& schema) {
    if (schema.kind != Schema::Kind::map) return false;
    for (const auto& key : schema.keys)
      if (key.required && key.unless.path.empty()) return false;
    return true;
  }

  json definitions_ = json::object();
};

}  // namespace

json json_schema(const host::Catalog& catalog) {
  return Writer().write(experiment_schema(catalog));
}

}  // namespace descent::experiment
