// SPDX-License-Identifier: MIT
// descent plugins list | show: what is there to be named in experiment files.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/command.h"
#include "host/catalog.h"

namespace descent {
namespace {

namespace po = boost::program_options;

const char* type_name(descent_type type) {
  static constexpr const char* names[] = {"real", "integer", "boolean"};
  return names[type];
}

nlohmann::json number(descent_type type, double value) {
  if (type == DESCENT_BOOLEAN) return value != 0;
  if (type == DESCENT_INTEGER) return std::int64_t(value);
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json describe(const Plugin& plugin) {
  nlohmann::json json{{"kind", kind_name(plugin->kind)},
                      {"name", plugin->name},
                      {"doc", plugin->doc},
                      {"path", plugin.path()},
                      {"hash", plugin.hash()},
                      {"hypers", nlohmann::json::array()}};
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& h = plugin->hypers[i];
    json["hypers"].push_back({{"name", h.name},
                              {"type", type_name(h.type)},
                              {"default", number(h.type, h.fallback)},
                              {"low", number(h.type, h.low)},
                              {"high", number(h.type, h.high)},
                              {"doc", h.doc}});
  }
  if (plugin->kind == DESCENT_OPTIMIZER) json["memory_vectors"] = plugin->slot_count;
  if (plugin->kind == DESCENT_REGULARIZER) json["proximal"] = plugin->proximal[0] != nullptr;
  if (plugin->kind == DESCENT_LOSS)
    json["class_weight"] = plugin->class_weight ? nlohmann::json(plugin->class_weight) : nullptr;
  return json;
}

void print(const Plugin& plugin) {
  std::cout << fmt::format("{}: {}\n{}\n", plugin.label(), plugin->doc, plugin.path());
  if (plugin->kind == DESCENT_OPTIMIZER)
    std::cout << fmt::format("memory: {} vectors as long as the weights\n", plugin->slot_count);
  if (plugin->kind == DESCENT_REGULARIZER)
    std::cout << (plugin->proximal[0] ? "apply: gradient or proximal\n" : "apply: gradient\n");
  if (plugin->kind == DESCENT_LOSS && plugin->class_weight)
    std::cout << fmt::format("{}: a list, one weight a class or output\n", plugin->class_weight);
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& h = plugin->hypers[i];
    const bool flag = h.type == DESCENT_BOOLEAN;
    std::cout << fmt::format(
        "  {:<16}{:<9}default {:<10} {:<16} {}\n", h.name, type_name(h.type),
        flag ? (h.fallback != 0 ? "true" : "false") : fmt::format("{}", h.fallback),
        flag ? "" : fmt::format("[{}, {}]", h.low, h.high), h.doc);
  }
}

// A plugin that cannot be loaded is told on a line of its own; the others go on.
template <class Visit>
int for_each_plugin(const Catalog& catalog, const std::string& wanted_kind, Visit&& visit) {
  int code = all_done;
  for (const auto kind : kinds) {
    if (!wanted_kind.empty() && wanted_kind != kind_name(kind)) continue;
    for (const auto& name : catalog.names(kind)) {
      try {
        visit(catalog.get(kind, name));
      } catch (const Error& error) {
        std::cerr << error.what() << '\n';
        code = usage_error;
      }
    }
  }
  return code;
}

int list(const Catalog& catalog, const std::string& kind, bool as_json) {
  auto all = nlohmann::json::array();
  const int code = for_each_plugin(catalog, kind, [&](const Plugin& plugin) {
    if (as_json)
      all.push_back(describe(plugin));
    else
      std::cout << fmt::format("{:<12}{:<18}{}\n", kind_name(plugin->kind), plugin->name,
                               plugin->doc);
  });
  if (as_json) std::cout << all.dump(2) << '\n';
  return code;
}

int show(const Catalog& catalog, const std::string& name, const std::string& wanted_kind,
         bool as_json) {
  auto all = nlohmann::json::array();
  std::vector<std::string> known;
  for (const auto kind : kinds) {
    if (!wanted_kind.empty() && wanted_kind != kind_name(kind)) continue;
    for (const auto& candidate : catalog.names(kind)) known.push_back(candidate);
    if (!catalog.contains(kind, name)) continue;
    const auto& plugin = catalog.get(kind, name);
    if (!as_json) {
      if (!all.empty()) std::cout << '\n';
      print(plugin);
    }
    all.push_back(describe(plugin));
  }
  if (all.empty())
    throw Error(fmt::format("plugin '{}' is not known{}", name, suggestion(name, known)));
  if (as_json) std::cout << all.dump(2) << '\n';
  return all_done;
}

int plugins(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("kind", po::value<std::string>()->default_value("")->value_name("KIND"),
                        "only losses, optimizers or regularizers: loss, optimizer, regularizer")(
      "json", "print JSON");
  cli::add_plugins_option(options);
  po::variables_map values;
  Arguments words;
  const cli::Help help{
      "plugins list [--kind KIND] [--json] | show NAME [--json]",
      "Lists the plugins within reach, or shows the hypers of one: type, default,\n"
      "range and meaning.",
      "descent plugins show adam"};
  if (!cli::parse(arguments, help, options, values, words)) return all_done;
  const auto kind = values["kind"].as<std::string>();
  if (!kind.empty() && kind != "loss" && kind != "optimizer" && kind != "regularizer")
    throw Error(fmt::format("kind '{}' is not known{}", kind,
                            suggestion(kind, {"loss", "optimizer", "regularizer"})));
  const auto folders = cli::plugin_folders(values);
  const Catalog catalog(Catalog::standard_folders({folders.begin(), folders.end()}));
  const bool as_json = values.count("json") > 0;
  if (words.size() == 1 && words[0] == "list") return list(catalog, kind, as_json);
  if (words.size() == 2 && words[0] == "show") return show(catalog, words[1], kind, as_json);
  throw Error("plugins takes 'list' or 'show NAME'; see descent plugins --help");
}

}  // namespace

const Command plugins_command{"plugins", "list the plugins, show their hypers", plugins};

}  // namespace descent
