// SPDX-License-Identifier: MIT
#include "experiment/language/plugin_schema.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "experiment/language/fields.h"
#include "train/built_in.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

Key hyper_key(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_BOOLEAN)
    return optional(hyper.name, flag(), hyper.fallback != 0, hyper.doc);
  if (hyper.type == DESCENT_REAL)
    return optional(hyper.name, number(hyper.low, hyper.high), hyper.fallback, hyper.doc);
  return optional(hyper.name, whole(hyper.low, hyper.high), std::int64_t(hyper.fallback),
                  hyper.doc);
}

void describe(Fields& f, host::PluginConfig& s, const host::Plugin& plugin) {
  s.name = plugin->name;
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    f.other(hyper_key(plugin->hypers[i]), [&](const json& value) {
      s.hypers.push_back(value.is_boolean() ? double(value.get<bool>()) : value.get<double>());
    });
}

void describe(Fields& f, train::LossSettings& s, const host::Plugin& plugin) {
  describe(f, s.plugin, plugin);
  f.words(s.reduction, "reduction",
          {{"mean", train::Reduction::mean}, {"sum", train::Reduction::sum}}, "over samples");
  if (plugin->class_weight)
    f.optional(s.class_weight, plugin->class_weight, one_or_list(number(0)),
               "a weight per class or output");
}

void describe(Fields& f, train::RegularizerSettings& s, const host::Plugin& plugin) {
  describe(f, s.plugin, plugin);
  f.words(s.on_all, "on", {{"weights", false}, {"all", true}}, "all: biases too");
  s.proximal = !plugin->penalty[DESCENT_F32];
  f.words(s.proximal, "apply", {{"gradient", false}, {"proximal", true}},
          "proximal: a step of its own after the optimizer's");
}

template <class Settings>
std::vector<Key> keys_of(const host::Plugin& plugin) {
  std::vector<Key> keys;
  Fields fields(keys);
  Settings any;
  describe(fields, any, plugin);
  return keys;
}

template <class Settings>
Settings read(const json& choice, descent_kind kind, const host::Catalog& catalog) {
  const std::filesystem::path no_folder;
  Fields fields(choice, no_folder);
  Settings settings;
  describe(fields, settings, catalog.get(kind, choice["name"]));
  return settings;
}

void refuse_class_weights(const host::Plugin& loss, Schema& schema) {
  const std::string taken = loss->class_weight ? loss->class_weight : "";
  for (const auto* name : {"class_weight", "pos_weight"})
    if (taken != name && !schema.find(name))
      schema.refused[name] =
          taken.empty() ? "takes no class weights" : "takes its class weights as '" + taken + "'";
}

Schema plugin_schema(const host::Plugin& plugin, const std::string& noun) {
  auto keys = plugin->kind == DESCENT_LOSS        ? keys_of<train::LossSettings>(plugin)
              : plugin->kind == DESCENT_OPTIMIZER ? keys_of<host::PluginConfig>(plugin)
                                                  : keys_of<train::RegularizerSettings>(plugin);
  auto schema = map(noun + " '" + plugin->name + "'", std::move(keys));
  if (plugin->kind == DESCENT_LOSS) refuse_class_weights(plugin, schema);
  return schema;
}

}  // namespace

Schema plugins(const host::Catalog& catalog, descent_kind kind, std::vector<std::string> others) {
  Schema schema;
  schema.kind = Schema::Kind::choice;
  schema.noun = host::kind_name(kind);
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
    return known->emplace(name, plugin_schema(catalog.get(kind, name), host::kind_name(kind)))
        .first->second;
  };
  return schema;
}

train::LossSettings loss_of(const json& choice, const host::Catalog& catalog) {
  return read<train::LossSettings>(choice, DESCENT_LOSS, catalog);
}

host::PluginConfig optimizer_of(const json& choice, const host::Catalog& catalog) {
  if (choice["name"] == train::exact_optimizer.name) return {choice["name"], {}};
  return read<host::PluginConfig>(choice, DESCENT_OPTIMIZER, catalog);
}

std::vector<train::RegularizerSettings> regularizers_of(const json& choices,
                                                        const host::Catalog& catalog) {
  std::vector<train::RegularizerSettings> all;
  for (const auto& one : choices.is_array() ? choices : json::array({choices}))
    if (one["name"] != "none")
      all.push_back(read<train::RegularizerSettings>(one, DESCENT_REGULARIZER, catalog));
  return all;
}

}  // namespace descent::experiment
