// SPDX-License-Identifier: MIT
#include "experiment/language/plugin_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "base/error.h"
#include "experiment/language/fields.h"
#include "experiment/language/hyperparameter_keys.h"
#include "host/update_rule.h"
#include "train/exact_optimizer.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

std::vector<double> fallbacks(const host::Plugin& plugin) {
  std::vector<double> values;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i)
    values.push_back(plugin->hypers[i].fallback);
  return values;
}

// value: resolved, so without problems.
void read(const HyperparameterKey& hyper, const host::Plugin& plugin, const json& value,
          std::vector<double>& all) {
  const auto values = hyperparameter_values(hyper, plugin, value).value();
  std::ranges::copy(values, all.begin() + long(hyper.first));
}

void describe(Fields& f, host::PluginConfig& s, const host::Plugin& plugin) {
  s.name = plugin->name;
  s.hyperparameters = fallbacks(plugin);
  for (const auto& hyper : hyperparameter_keys(plugin))
    f.other(key_of(hyper, plugin, s.hyperparameters),
            [&, hyper](const json& value) { read(hyper, plugin, value, s.hyperparameters); });
}

// The hyperparameters of what a wrapper wraps unless `base` names another: they are keys of the
// wrapper's, which has those of equal names itself.
void describe_default_base(Fields& f, host::PluginConfig& wrapper, const host::Plugin& plugin) {
  auto base = plugin.default_base();
  for (const auto& hyper : hyperparameter_keys(*plugin.base())) {
    if (has_key(plugin, hyper.name)) continue;
    auto key = key_of(hyper, *plugin.base(), base.hyperparameters);
    key.replaced_by = "base";
    f.other(std::move(key), [&, hyper](const json& value) {
      read(hyper, *plugin.base(), value, base.hyperparameters);
    });
  }
  if (wrapper.base.empty()) wrapper.base.push_back(std::move(base));
}

// Hyperparameters that have other values on some blocks.
void describe_blocks(Fields& f, host::PluginConfig& s, const host::Plugin& plugin) {
  if (plugin->hyper_count == 0) return;
  const auto hyperparameters = hyperparameter_keys(plugin);
  std::vector<Key> keys;
  for (const auto& hyper : hyperparameters) {
    keys.push_back(key_of(hyper, plugin, fallbacks(plugin)));
    keys.back().fallback = nullptr;
  }
  auto blocks = map("on", {});
  blocks.items = {map(std::string("optimizer '") + plugin->name + "' on blocks", std::move(keys))};
  f.other(optional("on", std::move(blocks), nullptr,
                   "other values on some blocks: bias, weight, or names such as linear0.*"),
          [&](const json& given) {
            for (const auto& [pattern, values] : given.items()) {
              host::BlockValues one{pattern, {}};
              for (const auto& hyper : hyperparameters) {
                if (!values.contains(hyper.name)) continue;
                const auto own = hyperparameter_values(hyper, plugin, values[hyper.name]).value();
                for (std::size_t i = 0; i < own.size(); ++i)
                  one.values.emplace_back(hyper.first + i, own[i]);
              }
              s.on.push_back(std::move(one));
            }
          });
}

// An optimizer in an optimizer in an optimizer: as deep as anything published goes.
constexpr int deepest = 3;

Schema optimizers(const host::Catalog& catalog, const std::vector<std::string>& others, int depth);

void describe_optimizer(Fields& f, host::PluginConfig& s, const host::Plugin& plugin,
                        const host::Catalog& catalog, int depth) {
  describe(f, s, plugin);
  describe_blocks(f, s, plugin);
  if (!plugin->base) return;
  if (depth < deepest)
    f.other(optional("base", optimizers(catalog, {}, depth + 1), nullptr,
                     "the optimizer that it wraps"),
            [&](const json& given) { s.base = {optimizer_of(given, catalog)}; });
  describe_default_base(f, s, plugin);
}

void describe(Fields& f, train::LossSettings& s, const host::Plugin& plugin) {
  describe(f, s.plugin, plugin);
  f.words(s.reduction, "reduction",
          {{"mean", train::Reduction::mean},
           {"sum", train::Reduction::sum},
           {"batchmean", train::Reduction::batchmean}},
          "over samples; batchmean: the sum over the number of samples");
  if (plugin->class_weight) {
    auto weight = number(0);
    if (plugin->targets & DESCENT_CLASSES) weight.words.emplace_back("balanced");
    f.other(optional(plugin->class_weight, one_or_list(weight), nullptr,
                     "a weight per class or output; balanced: of each class the number of training "
                     "samples over (classes x its samples)"),
            [&](const json& given) {
              s.is_balanced = given == "balanced";
              if (given.is_array() && std::ranges::count(given, json("balanced")) > 0)
                throw Error(fmt::format("{}: balanced stands for all weights, without others",
                                        plugin->class_weight));
              if (given.is_array())
                s.class_weight = given.get<std::vector<double>>();
              else if (given.is_number())
                s.class_weight = {given.get<double>()};
            });
  }
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
  auto keys = plugin->kind == DESCENT_LOSS ? keys_of<train::LossSettings>(plugin)
                                           : keys_of<train::RegularizerSettings>(plugin);
  auto schema = map(noun + " '" + plugin->name + "'", std::move(keys));
  if (plugin->kind == DESCENT_LOSS) refuse_class_weights(plugin, schema);
  return schema;
}

Schema optimizer_schema(const host::Plugin& plugin, const host::Catalog& catalog, int depth) {
  std::vector<Key> keys;
  Fields fields(keys);
  host::PluginConfig any;
  describe_optimizer(fields, any, plugin, catalog, depth);
  auto schema = map(std::string("optimizer '") + plugin->name + "'", std::move(keys));
  if (plugin->base && depth == deepest)
    schema.refused["base"] =
        fmt::format("is wrapped {} times; it takes no base of its own here", deepest);
  return schema;
}

using SchemaOf = std::function<Schema(const host::Plugin& plugin)>;

Schema choice_of_plugins(const host::Catalog& catalog, descent_kind kind,
                         const std::vector<std::string>& others, const SchemaOf& schema_of) {
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
  schema.alternatives.schema = [&catalog, kind, known,
                                schema_of](const std::string& name) -> const Schema& {
    if (const auto found = known->find(name); found != known->end()) return found->second;
    return known->emplace(name, schema_of(catalog.get(kind, name))).first->second;
  };
  return schema;
}

Schema optimizers(const host::Catalog& catalog, const std::vector<std::string>& others, int depth) {
  return choice_of_plugins(catalog, DESCENT_OPTIMIZER, others,
                           [&catalog, depth](const host::Plugin& plugin) {
                             return optimizer_schema(plugin, catalog, depth);
                           });
}

}  // namespace

Schema plugins(const host::Catalog& catalog, descent_kind kind,
               const std::vector<std::string>& others) {
  if (kind == DESCENT_OPTIMIZER) return optimizers(catalog, others, 0);
  return choice_of_plugins(catalog, kind, others, [kind](const host::Plugin& plugin) {
    return plugin_schema(plugin, host::kind_name(kind));
  });
}

train::LossSettings loss_of(const json& choice, const host::Catalog& catalog) {
  return read<train::LossSettings>(choice, DESCENT_LOSS, catalog);
}

host::PluginConfig optimizer_of(const json& choice, const host::Catalog& catalog) {
  if (choice["name"] == train::exact_optimizer.name) return {choice["name"], {}};
  const std::filesystem::path no_folder;
  Fields fields(choice, no_folder);
  host::PluginConfig config;
  describe_optimizer(fields, config, catalog.get(DESCENT_OPTIMIZER, choice["name"]), catalog, 0);
  return config;
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
