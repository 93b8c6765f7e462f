// SPDX-License-Identifier: MIT
#include "cli/plugin_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace descent::cli {
namespace {

using nlohmann::json;

const char* type_name(descent_type type) {
  static constexpr const char* names[] = {"real", "integer", "boolean", "choice"};
  return names[type];
}

json as_json(descent_type type, double value) {
  if (type == DESCENT_BOOLEAN) return value != 0;
  if (type == DESCENT_INTEGER || type == DESCENT_CHOICE) return std::int64_t(value);
  return std::isfinite(value) ? json(value) : json(nullptr);
}

json text_or_null(const char* text) { return text ? json(text) : json(nullptr); }

const char* prediction_name(descent_prediction prediction) {
  static constexpr const char* names[] = {"values",
                                          "logits",
                                          "log-probabilities",
                                          "binary logits",
                                          "binary probabilities",
                                          "means, then variances",
                                          "rates",
                                          "logarithms of rates"};
  return names[prediction];
}

std::vector<std::string> targets(const host::Plugin& plugin) {
  std::vector<std::string> names;
  if (plugin->targets & DESCENT_NUMBERS) names.emplace_back("numbers");
  if (plugin->targets & DESCENT_CLASSES) names.emplace_back("classes");
  if (plugin->targets & DESCENT_PROBABILITIES) names.emplace_back("probabilities");
  if (plugin->targets & DESCENT_SIGNS) names.emplace_back("signs");
  if (plugin->targets & DESCENT_COUNTS) names.emplace_back("counts");
  if (plugin->targets & DESCENT_POSITIVE) names.emplace_back("positive numbers");
  return names;
}

std::string or_logarithms(const char* hyper) {
  return hyper ? fmt::format("; logarithms where {} is true", hyper) : "";
}

// All facts but the hyperparameters: pairs of a word and its meaning.
std::vector<std::pair<std::string, std::string>> facts(const host::Plugin& plugin) {
  std::vector<std::pair<std::string, std::string>> all;
  if (plugin->formula) all.emplace_back("formula", plugin->formula);
  if (plugin->source) all.emplace_back("source", plugin->source);
  if (plugin->kind == DESCENT_OPTIMIZER)
    all.emplace_back("memory", fmt::format("{} vector{} as long as the weights{}",
                                           plugin->slot_count, plugin->slot_count == 1 ? "" : "s",
                                           plugin->state_size ? ", and state of its own" : ""));
  if (plugin->base)
    all.emplace_back("wraps",
                     fmt::format("{}, unless `base` names another optimizer", plugin->base));
  if (plugin->needs & DESCENT_NEEDS_HESSIAN)
    all.emplace_back("asks for", "products with the Hessian");
  if (plugin->needs & DESCENT_NEEDS_SAMPLE_GRADIENTS)
    all.emplace_back("asks for", "the gradient of each sample of a batch");
  if (plugin->needs & DESCENT_NEEDS_JACOBIAN)
    all.emplace_back("asks for", "the Jacobian of the outputs in the inputs of each sample");
  if (plugin->kind == DESCENT_REGULARIZER)
    all.emplace_back("apply", !plugin->proximal[0]  ? "gradient"
                              : !plugin->penalty[0] ? "proximal"
                                                    : "gradient or proximal");
  if (plugin->kind == DESCENT_LOSS) {
    all.emplace_back("prediction",
                     prediction_name(plugin->prediction) + or_logarithms(plugin->log_prediction));
    all.emplace_back("target", fmt::format("{}{}", fmt::join(targets(plugin), " or "),
                                           or_logarithms(plugin->log_target)));
  }
  if (plugin->kind == DESCENT_LOSS && plugin->class_weight)
    all.emplace_back(plugin->class_weight, "a list with one weight per class or output");
  return all;
}

std::string value_text(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_BOOLEAN) return hyper.fallback != 0 ? "true" : "false";
  if (hyper.type == DESCENT_CHOICE) return hyper.words[std::size_t(hyper.fallback)];
  return fmt::format("{}", hyper.fallback);
}

std::string range_text(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_CHOICE)
    return fmt::format("{}", fmt::join(host::words_of(hyper), ", "));
  return hyper.type == DESCENT_BOOLEAN ? "" : fmt::format("[{}, {}]", hyper.low, hyper.high);
}

// Markdown's own signs, taken literally.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

std::string section(const host::Plugin& plugin) {
  std::string text = fmt::format("### {}\n\n{}\n\n", plugin->name, escaped(plugin->doc));
  for (const auto& [word, what] : facts(plugin))
    text += word == "formula" ? fmt::format("- formula: `{}`\n", what)
                              : fmt::format("- {}: {}\n", escaped(word), escaped(what));
  if (plugin->hyper_count == 0) return text + "\n";
  text +=
      "\n| hyperparameter | type | default | range | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& h = plugin->hypers[i];
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", h.name, type_name(h.type), value_text(h),
                        range_text(h), escaped(h.doc));
  }
  return text + "\n";
}

std::string section(const train::BuiltInOptimizer& optimizer) {
  return fmt::format(
      "### {}\n\nBuilt into the program, not a plugin: {}\n\n- formula: `{}`\n- source: {}\n\n",
      optimizer.name, escaped(optimizer.doc), optimizer.formula, escaped(optimizer.source));
}

}  // namespace

json describe(const host::Plugin& plugin) {
  json all{{"kind", host::kind_name(plugin->kind)},
           {"name", plugin->name},
           {"doc", plugin->doc},
           {"formula", text_or_null(plugin->formula)},
           {"source", text_or_null(plugin->source)},
           {"path", plugin.path()},
           {"hash", plugin.hash()},
           {"hypers", json::array()}};
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& h = plugin->hypers[i];
    all["hypers"].push_back({{"name", h.name},
                             {"type", type_name(h.type)},
                             {"default", as_json(h.type, h.fallback)},
                             {"low", as_json(h.type, h.low)},
                             {"high", as_json(h.type, h.high)},
                             {"doc", h.doc}});
    if (h.type == DESCENT_CHOICE) all["hypers"].back()["words"] = host::words_of(h);
  }
  if (plugin->kind == DESCENT_OPTIMIZER) all["memory_vectors"] = plugin->slot_count;
  if (plugin->kind == DESCENT_OPTIMIZER) all["base"] = text_or_null(plugin->base);
  if (plugin->kind == DESCENT_REGULARIZER) all["proximal"] = plugin->proximal[0] != nullptr;
  if (plugin->kind == DESCENT_LOSS) {
    all["class_weight"] = text_or_null(plugin->class_weight);
    all["prediction"] = prediction_name(plugin->prediction);
    all["targets"] = targets(plugin);
  }
  return all;
}

std::string text_of(const host::Plugin& plugin) {
  std::string text = fmt::format("{}: {}\n{}\n", plugin.label(), plugin->doc, plugin.path());
  for (const auto& [word, what] : facts(plugin)) text += fmt::format("{}: {}\n", word, what);
  std::size_t width = 14;
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    width = std::max(width, std::string_view(plugin->hypers[i].name).size());
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i) {
    const auto& h = plugin->hypers[i];
    text += fmt::format("  {:<{}}  {:<9}default {:<10} {:<16} {}\n", h.name, width,
                        type_name(h.type), value_text(h), range_text(h), h.doc);
  }
  return text;
}

json describe(const train::BuiltInOptimizer& optimizer) {
  return {{"kind", host::kind_name(DESCENT_OPTIMIZER)},
          {"name", optimizer.name},
          {"doc", optimizer.doc},
          {"formula", optimizer.formula},
          {"source", optimizer.source},
          {"path", nullptr},
          {"hash", nullptr},
          {"hypers", json::array()}};
}

std::string text_of(const train::BuiltInOptimizer& optimizer) {
  return fmt::format("{} '{}': {}\nbuilt into the program, not a plugin\nformula: {}\nsource: {}\n",
                     host::kind_name(DESCENT_OPTIMIZER), optimizer.name, optimizer.doc,
                     optimizer.formula, optimizer.source);
}

std::string reference_page(const host::Catalog& catalog) {
  std::string page =
      "# Plugins: reference\n\n"
      "Look up the formula, the source and the hyperparameters of a loss, an optimizer or a\n"
      "regularizer. [Writing plugins](plugins.md) explains how to add one.\n\n"
      "`scripts/plugin_reference.sh` generates this page from the plugins; do not edit it.\n\n";
  for (const auto kind : host::kinds) {
    auto title = host::kind_name(kind, true);
    title[0] = char(std::toupper(title[0]));
    page += fmt::format("## {}\n\n", title);
    if (kind == DESCENT_OPTIMIZER) page += section(train::exact_optimizer);
    for (const auto& name : catalog.names(kind)) page += section(catalog.get(kind, name));
  }
  page.pop_back();
  return page;
}

}  // namespace descent::cli
