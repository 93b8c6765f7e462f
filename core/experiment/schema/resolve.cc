// SPDX-License-Identifier: MIT
#include "experiment/schema/resolve.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/suggestion.h"
#include "experiment/schema/hints.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve_scalar.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class Resolver {
 public:
  Resolver(const Node& root, std::vector<Problem>& problems) : root_(root), problems_(problems) {}

  json resolve(const Schema& schema, const Node& node, const std::string& path) {
    if (node.kind == Node::Kind::broken) return nullptr;  // already reported
    switch (schema.kind) {
      case Schema::Kind::list:
        return list(schema, node, path);
      case Schema::Kind::tuple:
        return tuple(schema, node, path);
      case Schema::Kind::map:
        return map(schema, node, path);
      case Schema::Kind::choice:
        return choice(schema, node, path);
      default:
        return resolve_scalar(schema, node, path, root_.place.file, problems_);
    }
  }

 private:
  json problem(const Place& place, std::string text) {
    report(problems_, place, std::move(text));
    return nullptr;
  }

  json wrong_type(const Schema& schema, const Node& node, const std::string& path) {
    auto hint = form_hint(schema, node, path);
    if (hint.empty()) hint = axis_hint(schema, node);
    return problem(node.place, fmt::format("{}: expected {}, found {}{}", path, expected(schema),
                                           found(node), hint));
  }

  // For somebody who left out a blank, or the name before a choice's argument.
  std::string form_hint(const Schema& schema, const Node& node, const std::string& path) {
    if (schema.kind == Schema::Kind::map && node.kind == Node::Kind::scalar && !node.quoted) {
      const auto hint = blank_hint(node.text);
      return hint.empty() ? meant_key(schema, node, path) : hint;
    }
    if (schema.kind != Schema::Kind::choice) return "";
    return node.kind == Node::Kind::list  ? meant_form(schema, node, path)
           : node.kind == Node::Kind::map ? one_name_hint(schema, node)
                                          : "";
  }

  // For a map that is no {NAME: {...}}: `name: sgd`, several names, or keys next to the name.
  static std::string one_name_hint(const Schema& choice, const Node& node) {
    const auto names = choice.alternatives.names();
    std::vector<std::string> given, arguments;
    const auto add = [&](const Entry& one) {
      arguments.push_back(fmt::format("{}: {}", one.key, flow(*one.value)));
    };
    for (const auto& entry : node.entries) {
      const bool is_scalar = entry.value->kind == Node::Kind::scalar;
      if (std::ranges::count(names, entry.key) > 0) {
        given.push_back(entry.key);
        std::ranges::for_each(entry.value->entries, add);
      } else if (entry.key == "name" && is_scalar) {
        given.push_back(entry.value->text);
      } else {
        add(entry);
      }
    }
    if (given.size() > 1)
      return fmt::format(" with {} names, {}; give one, or an axis: {{grid: [{}]}}", given.size(),
                         fmt::join(given, " and "), fmt::join(given, ", "));
    if (given.empty()) return "";
    return fmt::format("; write {{{}: {{{}}}}}", given.front(), fmt::join(arguments, ", "));
  }

  // The first key that could have a number as its value: {l2: 0.1} is {l2: {lambda: 0.1}}.
  std::string meant_key(const Schema& map, const Node& node, const std::string& path) {
    double number = 0;
    if (!read_number(node, number)) return "";
    for (const auto& key : map.keys) {
      std::vector<Problem> wrong;
      Resolver(root_, wrong).resolve(key.schema, node, path);
      if (wrong.empty()) return fmt::format("; did you mean {{{}: {}}}?", key.name, node.text);
    }
    return "";
  }

  // The first alternative that could have this as its argument: noise: 0.2 is {normal: 0.2}.
  std::string meant_form(const Schema& choice, const Node& node, const std::string& path) {
    if (choice.alternatives.plugins) return "";
    for (const auto& name : choice.alternatives.names()) {
      const auto& inner = choice.alternatives.schema(name);
      std::vector<Problem> wrong;
      if (has_no_arguments(inner)) continue;
      Resolver(root_, wrong).resolve(inner, node, path);
      if (wrong.empty()) return fmt::format("; did you mean {{{}: {}}}?", name, flow(node));
    }
    return "";
  }

  static std::string flow(const Node& node) {
    if (node.kind == Node::Kind::scalar) return node.text;
    if (node.kind != Node::Kind::list) return "...";
    std::vector<std::string> items;
    for (const auto& item : node.items) items.push_back(flow(*item));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }

  json list(const Schema& schema, const Node& node, const std::string& path) {
    const auto& item = schema.items.front();
    if (node.kind != Node::Kind::list)
      return schema.bare && node.kind != Node::Kind::nothing ? resolve(item, node, path)
                                                             : wrong_type(schema, node, path);
    if (node.items.size() < schema.least) return too_short(schema, node, path);
    auto all = json::array();
    for (std::size_t i = 0; i < node.items.size(); ++i)
      all.push_back(resolve(item, *node.items[i], joined(path, std::to_string(i))));
    return schema.ordered ? ordered(item.words, node, all, path) : all;
  }

  json too_short(const Schema& list, const Node& node, const std::string& path) {
    const auto& noun = list.items.front().noun;
    const auto least = list.least > 1 ? fmt::format("{} values", list.least)
                                      : "one " + (noun.empty() ? "value" : noun);
    const auto size = node.items.size();
    return problem(node.place,
                   fmt::format("{}: expected at least {}, found {}", path, least,
                               size == 0 ? "an empty list" : fmt::format("a list of {}", size)));
  }

  // A set of words: their order says nothing, so it must not tell configurations apart.
  json ordered(const std::vector<std::string>& words, const Node& node, const json& all,
               const std::string& path) {
    auto sorted = json::array();
    for (const auto& word : words) {
      const auto times = std::count(all.begin(), all.end(), json(word));
      if (times > 1) problem(node.place, fmt::format("{}: '{}' is given twice", path, word));
      if (times > 0) sorted.push_back(word);
    }
    return sorted;
  }

  json tuple(const Schema& schema, const Node& node, const std::string& path) {
    if (node.kind != Node::Kind::list) return wrong_type(schema, node, path);
    if (node.items.size() != schema.items.size())
      return problem(node.place, fmt::format("{}: expected {}, found a list of {}", path,
                                             expected(schema), node.items.size()));
    auto all = json::array();
    for (std::size_t i = 0; i < schema.items.size(); ++i)
      all.push_back(resolve(schema.items[i], *node.items[i], joined(path, std::to_string(i))));
    if (!schema.rising || all[0].is_null() || all[1].is_null() || all[0] < all[1]) return all;
    return problem(node.place, fmt::format("{}: expected [a, b] with a < b, found [{}, {}]", path,
                                           node.items[0]->text, node.items[1]->text));
  }

  json map(const Schema& schema, const Node& node, const std::string& path) {
    if (node.kind == Node::Kind::map) return keys(schema, node, path);
    if (node.kind == Node::Kind::broken) return nullptr;
    if (schema.shorthand_key.empty() || node.kind == Node::Kind::nothing)
      return wrong_type(schema, node, path);
    const auto* key = schema.find(schema.shorthand_key);
    const bool lists = node.kind == Node::Kind::list && key->schema.kind == Schema::Kind::list;
    if (node.kind != Node::Kind::scalar && !lists)
      return problem(node.place, fmt::format("{}: expected {} or a map of keys, found {}", path,
                                             expected(key->schema), found(node)));
    if (const auto hint = counted_hint(schema, node, path); !hint.empty())
      return problem(node.place, fmt::format("{}: expected {}, found {}{}", path,
                                             expected(key->schema), found(node), hint));
    auto all = defaults(schema);
    all[key->name] = resolve(key->schema, node, path);
    return all;
  }

  static json defaults(const Schema& schema) {
    auto all = json::object();
    for (const auto& key : schema.keys)
      if (!key.fallback.is_null()) all[key.name] = key.fallback;
    return all;
  }

  json keys(const Schema& schema, const Node& node, const std::string& path) {
    auto all = defaults(schema);
    for (const auto& entry : node.entries) {
      const auto* key = schema.find(entry.key);
      if (!key && !schema.items.empty())
        all[entry.key] = resolve(schema.items.front(), *entry.value, joined(path, entry.key));
      else if (!key)
        unknown(schema, entry);
      else if (!stands_for_without(*key, *entry.value))
        all[key->name] = resolve(key->schema, *entry.value, joined(path, entry.key));
    }
    for (const auto& key : schema.keys)
      if (!key.replaced_by.empty() && node.find(key.replaced_by)) replaced(schema, key, node, all);
    for (const auto& key : schema.keys) {
      if (!key.required || node.find(key.name)) continue;
      if (!is_needless(key.unless))
        missing(schema, key, node, all);
      else if (key.schema.kind == Schema::Kind::map)
        all[key.name] = keys(key.schema, map_at(node.place), key.name);
    }
    return all;
  }

  static bool stands_for_without(const Key& key, const Node& node) {
    const bool is_none = node.kind == Node::Kind::scalar && node.text == "none" && !node.quoted;
    return (is_none || node.kind == Node::Kind::nothing) && accepts_none(key);
  }

  bool is_needless(const Unless& unless) const {
    if (!unless.or_path.empty() && is_needless({unless.or_path, ""})) return true;
    if (unless.path.empty()) return false;
    const Node* node = &root_;
    for (const auto& segment : segments(unless.path)) {
      const auto* entry = node->find(segment);
      if (!entry) return false;
      node = entry->value.get();
    }
    return unless.name.empty() || named(*node).name == unless.name;
  }

  void unknown(const Schema& schema, const Entry& entry) {
    if (const auto refused = schema.refused.find(entry.key); refused != schema.refused.end())
      problem(entry.place, schema.noun + " " + refused->second);
    else if (has_no_arguments(schema))
      problem(entry.place,
              fmt::format("unknown key '{}' in {}, which has no keys", entry.key, schema.noun));
    else if (const auto hint = colon_hint(schema, entry); !hint.empty()) {
      problem(entry.place, fmt::format("unknown key '{}' in {}{}", entry.key, schema.noun, hint));
    } else {
      auto valid = schema.key_names();
      valid.insert(valid.end(), schema.also.begin(), schema.also.end());
      problem(entry.place, fmt::format("unknown key '{}' in {}{}", entry.key, schema.noun,
                                       did_you_mean(entry.key, valid, "key of " + schema.noun)));
    }
  }

  void replaced(const Schema& schema, const Key& key, const Node& node, json& all) {
    all.erase(key.name);
    if (const auto* entry = node.find(key.name))
      problem(entry->place, fmt::format("{}: '{}' is not its own where '{}' is given; write it "
                                        "there",
                                        schema.noun, key.name, key.replaced_by));
  }

  void missing(const Schema& schema, const Key& key, const Node& node, json& all) {
    problem(node.place,
            fmt::format("{} needs the key '{}', as in `{}`", schema.noun, key.name, key.example));
    all[key.name] = nullptr;
  }

  json choice(const Schema& schema, const Node& node, const std::string& path) {
    const auto [name, place, argument] = named(node);
    if (name.empty()) return wrong_type(schema, node, path);
    const auto names = schema.alternatives.names();
    if (!std::ranges::count(names, name)) return unknown_name(schema, node, name, place, path);
    const Schema* inner = load(schema, name, place);
    if (!inner) return nullptr;
    json resolved = {{"name", name}};
    if (inner->kind != Schema::Kind::map)
      resolved[name] = bare_argument(schema, *inner, name, argument, place, path);
    else
      add_keys(resolved, schema.alternatives.plugins, *inner, argument, place, path);
    return resolved;
  }

  json unknown_name(const Schema& schema, const Node& node, const std::string& name,
                    const Place& place, const std::string& path) {
    double number = 0;
    auto hint = blank_hint(name);
    if (hint.empty() && read_number(node, number)) hint = meant_form(schema, node, path);
    const auto names = schema.alternatives.names();
    if (hint.empty() && !suggestion(name, names)) hint = axis_hint(schema, node);
    if (hint.empty()) hint = did_you_mean(name, names, schema.noun);
    return problem(place, fmt::format("{} '{}' is not known{}", schema.noun, name, hint));
  }

  const Schema* load(const Schema& schema, const std::string& name, const Place& place) {
    try {
      return &schema.alternatives.schema(name);
    } catch (const Error& error) {  // a plugin's file is not what it should be
      for (const auto& one : error.problems())
        problem(place, one.place.file.empty() ? one.text : one.place.text() + " " + one.text);
      return nullptr;
    }
  }

  json bare_argument(const Schema& schema, const Schema& inner, const std::string& name,
                     const Tree& argument, const Place& place, const std::string& path) {
    if (argument && argument->kind != Node::Kind::nothing)
      return resolve(inner, *argument, joined(path, name));
    return problem(place, fmt::format("{} '{}' needs a value, {}, as in {}: ...", schema.noun, name,
                                      expected(inner), name));
  }

  // The argument of a choice that has keys. linear: 16 and linear: {units: 16} are both
  // {"name": "linear", "linear": 16, ...}.
  void add_keys(json& resolved, bool plugin, const Schema& inner, const Tree& argument,
                const Place& place, const std::string& path) {
    const std::string name = resolved["name"];
    const bool written = argument && argument->kind != Node::Kind::nothing;
    auto keys = map(inner, written ? *argument : map_at(place), joined(path, name));
    if (!keys.is_object() || keys.empty()) return;
    if (!plugin && inner.shorthand_key.empty()) {
      resolved[name] = std::move(keys);
      return;
    }
    if (!plugin) {
      resolved[name] = keys[inner.shorthand_key];
      keys.erase(inner.shorthand_key);
    }
    resolved.update(keys);
  }

  const Node& root_;
  std::vector<Problem>& problems_;
};

}  // namespace

Named named(const Node& node) {
  if (node.kind == Node::Kind::scalar) return {node.text, node.place, nullptr};
  if (node.kind != Node::Kind::map || node.entries.size() != 1) return {};
  const auto& only = node.entries.front();
  return {only.key, only.place, only.value};
}

json resolve(const Schema& schema, const Node& tree, const std::string& path,
             std::vector<Problem>& problems) {
  return Resolver(tree, problems).resolve(schema, tree, path);
}

}  // namespace descent::experiment
