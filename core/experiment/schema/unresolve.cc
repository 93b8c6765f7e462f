// SPDX-License-Identifier: MIT
#include "experiment/schema/unresolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/suggestion.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

json unresolve_keys(const Schema& map, const json& resolved) {
  auto all = json::object();
  for (const auto& key : map.keys)
    if (resolved.contains(key.name)) all[key.name] = unresolve(key.schema, resolved[key.name]);
  if (!map.items.empty())
    for (const auto& [key, value] : resolved.items())
      if (!map.find(key)) all[key] = unresolve(map.items[0], value);
  return all;
}

json unresolve_items(const Schema& schema, const json& resolved) {
  auto all = json::array();
  for (std::size_t i = 0; i < resolved.size(); ++i)
    all.push_back(unresolve(schema.items[schema.kind == Schema::Kind::tuple ? i : 0], resolved[i]));
  return all;
}

// NAME, or NAME: argument; see Resolver::choice for the forms that are undone here.
json unresolve_choice(const Schema& schema, const json& resolved) {
  const std::string name = resolved.at("name");
  const auto names = schema.alternatives.names();
  if (std::ranges::find(names, name) == names.end())
    throw Error(fmt::format("{} '{}' is not known{}", schema.noun, name,
                            did_you_mean(name, names, schema.noun)));
  const auto& inner = schema.alternatives.schema(name);
  auto argument = resolved;
  argument.erase("name");
  if (inner.kind != Schema::Kind::map) return {{name, unresolve(inner, resolved.at(name))}};
  if (argument.empty()) return name;
  if (schema.alternatives.plugins) return {{name, unresolve_keys(inner, argument)}};
  if (inner.shorthand_key.empty()) return {{name, unresolve_keys(inner, argument.at(name))}};
  argument[inner.shorthand_key] = argument.at(name);
  return {{name, unresolve_keys(inner, argument)}};
}

}  // namespace

json unresolve(const Schema& schema, const json& resolved) {
  switch (schema.kind) {
    case Schema::Kind::list:
    case Schema::Kind::tuple:
      return resolved.is_array() ? unresolve_items(schema, resolved)
                                 : unresolve(schema.items[0], resolved);
    case Schema::Kind::map:
      return resolved.is_object() ? unresolve_keys(schema, resolved) : resolved;
    case Schema::Kind::choice:
      return unresolve_choice(schema, resolved);
    case Schema::Kind::duration:
      return fmt::format("{}s", resolved.get<double>());
    case Schema::Kind::memory:
      return fmt::format("{}B", resolved.get<std::uint64_t>());
    default:
      return resolved;
  }
}

}  // namespace descent::experiment
