// SPDX-License-Identifier: MIT
#include "experiment/language/plugin_schema.h"

#include <algorithm>
#include <map>
#include <memory>

namespace descent::yaml {
namespace {

Key hyper_key(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_BOOLEAN)
    return optional(hyper.name, flag(), hyper.fallback != 0, hyper.doc);
  if (hyper.type == DESCENT_REAL)
    return optional(hyper.name, number(hyper.low, hyper.high), hyper.fallback, hyper.doc);
  return optional(hyper.name, whole(hyper.low, hyper.high), std::int64_t(hyper.fallback),
                  hyper.doc);
}

std::vector<Key> keys_beside_hypers(const Plugin& plugin) {
  if (plugin->kind == DESCENT_REGULARIZER)
    return {optional("on", word({"weights", "all"}), "weights", "all: biases too"),
            optional("apply", word({"gradient", "proximal"}),
                     plugin->penalty[DESCENT_F32] ? "gradient" : "proximal",
                     "proximal: a step of its own after the optimizer's")};
  if (plugin->kind == DESCENT_OPTIMIZER) return {};
  std::vector<Key> keys = {optional("reduction", word({"mean", "sum"}), "mean", "over samples")};
  if (plugin->class_weight)
    keys.push_back(optional(plugin->class_weight, one_or_list(number(0)), nullptr,
                            "a weight per class or output"));
  return keys;
}

void refuse_class_weights(const Plugin& loss, Schema& schema) {
  const std::string taken = loss->class_weight ? loss->class_weight : "";
  for (const auto* name : {"class_weight", "pos_weight"})
    if (taken != name && !schema.find(name))
      schema.refused[name] =
          taken.empty() ? "takes no class weights" : "takes its class weights as '" + taken + "'";
}

Schema plugin_schema(const Plugin& plugin, const std::string& noun) {
  std::vector<Key> keys;
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    keys.push_back(hyper_key(plugin->hypers[i]));
  for (auto& key : keys_beside_hypers(plugin)) keys.push_back(std::move(key));
  auto schema = map(noun + " '" + plugin->name + "'", std::move(keys));
  if (plugin->kind == DESCENT_LOSS) refuse_class_weights(plugin, schema);
  return schema;
}

}  // namespace

Schema plugins(const Catalog& catalog, descent_kind kind, std::vector<std::string> others) {
  Schema schema;
  schema.kind = Schema::Kind::choice;
  schema.noun = kind_name(kind);
  schema.alternatives.plugins = true;
  schema.alternatives.names = [&catalog, kind, others] {
    auto names = catalog.names(kind);
    std::erase_if(names, [&](auto& name) { return std::ranges::count(others, name) > 0; });
    names.insert(names.end(), others.begin(), others.end());
    return names;
  };
  auto known = std::make_shared<std::map<std::string, Schema>>();
  for (const auto& name : others) known->emplace(name, map(schema.noun + " '" + name + "'", {}));
  schema.alternatives.schema = [&catalog, kind, known](const std::string& name) -> const Schema& {
    if (const auto found = known->find(name); found != known->end()) return found->second;
    return known->emplace(name, plugin_schema(catalog.get(kind, name), kind_name(kind)))
        .first->second;
  };
  return schema;
}

}  // namespace descent::yaml
