// SPDX-License-Identifier: MIT
#include "experiment/schema/unresolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace descent::yaml {
namespace {

using nlohmann::json;

json written_keys(const Schema& map, const json& settled) {
  auto all = json::object();
  for (const auto& key : map.keys)
    if (settled.contains(key.name)) all[key.name] = written(key.schema, settled[key.name]);
  return all;
}

json written_items(const Schema& schema, const json& settled) {
  auto all = json::array();
  for (std::size_t i = 0; i < settled.size(); ++i)
    all.push_back(written(schema.items[schema.kind == Schema::Kind::tuple ? i : 0], settled[i]));
  return all;
}

// NAME, or NAME: argument; see Settler::choice for the forms that are undone here.
json written_choice(const Schema& schema, const json& settled) {
  const std::string name = settled.at("name");
  const auto names = schema.alternatives.names();
  if (std::ranges::find(names, name) == names.end())
    throw Error(fmt::format("{} '{}' is not known{}", schema.noun, name, suggestion(name, names)));
  const auto& inner = schema.alternatives.schema(name);
  auto argument = settled;
  argument.erase("name");
  if (inner.kind != Schema::Kind::map) return {{name, written(inner, settled.at(name))}};
  if (argument.empty()) return name;
  if (schema.alternatives.plugins) return {{name, written_keys(inner, argument)}};
  if (inner.shorthand_key.empty()) return {{name, written_keys(inner, argument.at(name))}};
  argument[inner.shorthand_key] = argument.at(name);
  return {{name, written_keys(inner, argument)}};
}

}  // namespace

json written(const Schema& schema, const json& settled) {
  switch (schema.kind) {
    case Schema::Kind::list:
    case Schema::Kind::tuple:
      return settled.is_array() ? written_items(schema, settled)
                                : written(schema.items[0], settled);
    case Schema::Kind::map:
      return written_keys(schema, settled);
    case Schema::Kind::choice:
      return written_choice(schema, settled);
    case Schema::Kind::duration:
      return fmt::format("{}s", settled.get<double>());
    case Schema::Kind::memory:
      return fmt::format("{}B", settled.get<std::uint64_t>());
    default:
      return settled;
  }
}

}  // namespace descent::yaml
