// SPDX-License-Identifier: MIT
#include "experiment/schema/unresolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/suggestion.h"

namespace descent::yaml {
namespace {

using nlohmann::json;

json written_keys(const Shape& map, const json& settled) {
  auto all = json::object();
  for (const auto& key : map.keys)
    if (settled.contains(key.name)) all[key.name] = written(key.shape, settled[key.name]);
  return all;
}

json written_items(const Shape& shape, const json& settled) {
  auto all = json::array();
  for (std::size_t i = 0; i < settled.size(); ++i)
    all.push_back(written(shape.items[shape.kind == Shape::Kind::tuple ? i : 0], settled[i]));
  return all;
}

// NAME, or NAME: argument; see Settler::choice for the forms that are undone here.
json written_choice(const Shape& shape, const json& settled) {
  const std::string name = settled.at("name");
  const auto names = shape.alternatives.names();
  if (std::ranges::find(names, name) == names.end())
    throw Error(fmt::format("{} '{}' is not known{}", shape.noun, name,
                            did_you_mean(name, names, shape.noun)));
  const auto& inner = shape.alternatives.shape(name);
  auto argument = settled;
  argument.erase("name");
  if (inner.kind != Shape::Kind::map) return {{name, written(inner, settled.at(name))}};
  if (argument.empty()) return name;
  if (shape.alternatives.plugins) return {{name, written_keys(inner, argument)}};
  if (inner.bare_key.empty()) return {{name, written_keys(inner, argument.at(name))}};
  argument[inner.bare_key] = argument.at(name);
  return {{name, written_keys(inner, argument)}};
}

}  // namespace

json written(const Shape& shape, const json& settled) {
  switch (shape.kind) {
    case Shape::Kind::list:
    case Shape::Kind::tuple:
      return settled.is_array() ? written_items(shape, settled) : written(shape.items[0], settled);
    case Shape::Kind::map:
      return written_keys(shape, settled);
    case Shape::Kind::choice:
      return written_choice(shape, settled);
    case Shape::Kind::duration:
      return fmt::format("{}s", settled.get<double>());
    case Shape::Kind::memory:
      return fmt::format("{}B", settled.get<std::uint64_t>());
    default:
      return settled;
  }
}

}  // namespace descent::yaml
