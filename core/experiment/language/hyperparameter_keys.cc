// SPDX-License-Identifier: MIT
#include "experiment/language/hyperparameter_keys.h"

#include <algorithm>
#include <utility>

namespace descent::experiment {
namespace {

using nlohmann::json;

// With the value as fallback.
std::pair<Schema, json> schema_of(const descent_hyper& hyper, double value) {
  switch (hyper.type) {
    case DESCENT_BOOLEAN:
      return {flag(), value != 0};
    case DESCENT_CHOICE:
      return {word(host::words_of(hyper)), host::words_of(hyper).at(std::size_t(value))};
    case DESCENT_INTEGER:
      return {whole(hyper.low, hyper.high), std::int64_t(value)};
    case DESCENT_REAL:
      break;
  }
  return {number(hyper.low, hyper.high), value};
}

std::optional<double> value_of(const descent_hyper& hyper, const json& value) {
  if (value.is_boolean()) return double(value.get<bool>());
  if (value.is_number()) return value.get<double>();
  if (hyper.type == DESCENT_CHOICE && value.is_string())
    for (int i = 0; i <= int(hyper.high); ++i)
      if (value == hyper.words[i]) return i;
  return {};
}

}  // namespace

std::vector<HyperparameterKey> hyperparameter_keys(const host::Plugin& plugin) {
  std::vector<HyperparameterKey> keys;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i) {
    const std::string name = plugin->hypers[i].name;
    const auto dot = name.find('.');
    const auto list = name.substr(0, dot);
    if (dot == name.npos || keys.empty() || keys.back().name != list)
      keys.push_back({list, i, 0, dot != name.npos});
    ++keys.back().count;
  }
  return keys;
}

bool has_key(const host::Plugin& plugin, const std::string& name) {
  const auto keys = hyperparameter_keys(plugin);
  return std::ranges::find(keys, name, &HyperparameterKey::name) != keys.end();
}

Key key_of(const HyperparameterKey& hyper, const host::Plugin& plugin,
           std::span<const double> fallbacks) {
  const auto* const doc = plugin->hypers[hyper.first].doc;
  if (!hyper.is_list) {
    auto [schema, fallback] = schema_of(plugin->hypers[hyper.first], fallbacks[hyper.first]);
    return optional(hyper.name, std::move(schema), std::move(fallback), doc);
  }
  Schema list;
  list.kind = Schema::Kind::tuple;
  auto all = json::array();
  for (auto i = hyper.first; i < hyper.first + hyper.count; ++i) {
    auto [schema, fallback] = schema_of(plugin->hypers[i], fallbacks[i]);
    schema.noun = plugin->hypers[i].name;
    list.items.push_back(std::move(schema));
    all.push_back(std::move(fallback));
  }
  return optional(hyper.name, std::move(list), std::move(all), doc);
}

std::optional<std::vector<double>> hyperparameter_values(const HyperparameterKey& hyper,
                                                         const host::Plugin& plugin,
                                                         const json& value) {
  if (hyper.is_list && (!value.is_array() || value.size() != hyper.count)) return {};
  std::vector<double> values;
  for (std::size_t i = 0; i < hyper.count; ++i) {
    const auto one = value_of(plugin->hypers[hyper.first + i], hyper.is_list ? value[i] : value);
    if (!one) return {};
    values.push_back(*one);
  }
  return values;
}

}  // namespace descent::experiment
