// SPDX-License-Identifier: MIT
#include "experiment/language/json_schema.h"

#include <cmath>
#include <map>

#include "experiment/grid/random_axis.h"
#include "experiment/language/language.h"

namespace descent {
namespace {

using namespace yaml;
using nlohmann::json;

// Every value has a definition named after its path, so that an axis of it can refer back to it.
class Writer {
 public:
  json write(const Shape& shape) {
    auto root = plain(shape, "");
    root["required"] = required_keys(shape, {});
    allow_union(root);
    allow_sweep(root);
    allow_spares(root, shape);
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
        {"description", "blocks laid over the rest of the file in turn"}};
  }

  // Keys of the sweep, which no block has.
  static void allow_sweep(json& root) {
    const json condition = {{"type", "string"}};
    root["properties"]["draws"] = {{"type", "integer"},
                                   {"minimum", 1},
                                   {"maximum", most_draws},
                                   {"description", "how often drawn axes are drawn"}};
    root["properties"]["sampler"] = {{"enum", {"random", "halton", "sobol"}},
                                     {"default", "random"},
                                     {"description", "how drawn axes are drawn"}};
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
        {"description", "a file, or a list of files, over whose keys this file's are laid"}};
    root["patternProperties"]["^x-"] = {{"description", "not read: a place for anchors"}};
  }

  // What the root needs when none of its keys is spared, or those of this spare are.
  static json required_keys(const Shape& shape, const std::string& spared_by) {
    auto keys = json::array();
    for (const auto& key : shape.keys)
      if (key.required && (spared_by.empty() || key.spare.path != spared_by))
        keys.push_back(key.name);
    return keys;
  }

  // A file that has what spares some keys, or a grid in which it may stand, needs only the others.
  static void allow_spares(json& root, const Shape& shape) {
    std::map<std::string, std::string> spares;
    for (const auto& key : shape.keys)
      if (!key.spare.path.empty()) spares[key.spare.path] = key.spare.name;
    for (const auto& [path, name] : spares) {
      const auto end = path.find('.');
      const auto inner = end == path.npos ? name : path.substr(end + 1);
      const auto holds = [](const std::string& key) {
        return json{{"type", "object"}, {"required", {key}}};
      };
      const json is_there = {{"anyOf", {{{"const", inner}}, holds(inner), holds("grid")}}};
      root["anyOf"].push_back({{"required", required_keys(shape, path)},
                               {"properties", {{path.substr(0, end), is_there}}}});
    }
  }

  json reference(const std::string& path) { return {{"$ref", "#/$defs/" + path}}; }

  json value(const Shape& shape, const std::string& path) {
    definitions_[path] = nullptr;  // keeps the name while its parts are written
    auto any = json::array(
        {plain(shape, path), axis("grid", list_of(path)), drawn("choice", list_of(path))});
    if (is_numeric(shape)) {
      for (const auto* space : {"linspace", "logspace"}) any.push_back(axis(space, ends()));
      for (const auto* word : {"uniform", "loguniform", "integers"})
        any.push_back(drawn(word, two_ends()));
    }
    definitions_[path] = {{"anyOf", std::move(any)}};
    return reference(path);
  }

  static bool is_numeric(const Shape& shape) {
    return shape.kind == Shape::Kind::number || shape.kind == Shape::Kind::whole;
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

  static json drawn(const char* key, json content) {
    auto all = axis(key, std::move(content));
    all["properties"].erase("zip");
    return all;
  }

  static json ends() {
    return {{"type", "array"},
            {"description", "[first, last, how many]"},
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

  json plain(const Shape& shape, const std::string& path) {
    switch (shape.kind) {
      case Shape::Kind::number:
      case Shape::Kind::whole:
        return or_words(shape, numeric(shape));
      case Shape::Kind::flag:
        return {{"type", "boolean"}};
      case Shape::Kind::text:
        return shape.words.empty() ? json{{"type", {"string", "number"}}}
                                   : json{{"enum", shape.words}};
      case Shape::Kind::duration:
        return {{"type", "string"}, {"pattern", "^[0-9.]+(ms|s|min|h)$"}};
      case Shape::Kind::memory:
        return {{"type", "string"}, {"pattern", "^[0-9.]+([kMGT]i?)?B$"}};
      case Shape::Kind::list:
        return list(shape, path);
      case Shape::Kind::tuple:
        return tuple(shape, path);
      case Shape::Kind::map:
        return map(shape, path);
      case Shape::Kind::choice:
        return choice(shape, path);
    }
    return true;
  }

  static json or_words(const Shape& shape, json number) {
    if (shape.words.empty()) return number;
    return {{"anyOf", {std::move(number), {{"enum", shape.words}}}}};
  }

  static json numeric(const Shape& shape) {
    json number = {{"type", shape.kind == Shape::Kind::whole ? "integer" : "number"}};
    if (std::isfinite(shape.low))
      number[shape.low_open ? "exclusiveMinimum" : "minimum"] = shape.low;
    if (std::isfinite(shape.high))
      number[shape.high_open ? "exclusiveMaximum" : "maximum"] = shape.high;
    return number;
  }

  json list(const Shape& shape, const std::string& path) {
    const auto item = value(shape.items.front(), path + ".item");
    json all = {{"type", "array"}, {"minItems", shape.least}, {"items", item}};
    return shape.bare ? json{{"anyOf", {item, std::move(all)}}} : all;
  }

  json tuple(const Shape& shape, const std::string& path) {
    auto items = json::array();
    for (std::size_t i = 0; i < shape.items.size(); ++i)
      items.push_back(value(shape.items[i], path + "." + std::to_string(i)));
    return {{"type", "array"},
            {"prefixItems", std::move(items)},
            {"minItems", shape.items.size()},
            {"items", false}};
  }

  json map(const Shape& shape, const std::string& path) {
    json object = {
        {"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
    for (const auto& key : shape.keys) {
      object["properties"][key.name] =
          property(key, path.empty() ? key.name : path + "." + key.name);
      // What another part of the file may spare cannot be asked for here.
      if (key.required && key.spare.path.empty()) object["required"].push_back(key.name);
    }
    if (shape.bare_key.empty()) return object;
    return {{"anyOf", {plain(shape.find(shape.bare_key)->shape, path), std::move(object)}}};
  }

  json property(const Key& key, const std::string& path) {
    auto one = value(key.shape, path);
    one["description"] = key.doc;
    const bool is_name = key.fallback.is_object() && key.fallback.contains("name");
    if (is_name)
      one["default"] = key.fallback["name"];
    else if (!key.fallback.is_null())
      one["default"] = key.fallback;
    return one;
  }

  // NAME where nothing must follow it, or {NAME: argument}.
  json choice(const Shape& shape, const std::string& path) {
    auto bare = json::array();
    auto with_argument = json::object();
    for (const auto& name : shape.alternatives.names()) {
      const auto& inner = shape.alternatives.shape(name);
      auto argument = value(inner, path + "." + name);
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

  static bool needs_nothing(const Shape& shape) {
    if (shape.kind != Shape::Kind::map) return false;
    for (const auto& key : shape.keys)
      if (key.required && key.spare.path.empty()) return false;
    return true;
  }

  json definitions_ = json::object();
};

}  // namespace

json schema(const Catalog& catalog) { return Writer().write(experiment_shape(catalog)); }

}  // namespace descent
