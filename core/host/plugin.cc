// SPDX-License-Identifier: MIT
#include "host/plugin.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "base/error.h"
#include "base/suggestion.h"
#include "host/elf.h"
#include "host/library.h"

namespace descent::host {
namespace {

std::shared_ptr<const Library> load(const LibraryFile& file) {
  if (const auto why = incompatibility(file.bytes()); !why.empty())
    throw Error({file.path(), 0, 0}, "cannot be loaded as a plugin: " + why);
  try {
    return std::make_shared<const Library>(file);
  } catch (const std::system_error& failure) {
    throw Error({file.path(), 0, 0},
                fmt::format("cannot be copied into memory, from where plugins are loaded: {}; "
                            "plugins need memfd_create, /proc and a free file descriptor",
                            failure.what()));
  }
}

bool fits(const descent_hyper& hyper, double value) {
  return hyper.low <= value && value <= hyper.high &&
         (hyper.type == DESCENT_REAL || value == std::floor(value));
}

std::string range(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_BOOLEAN) return "true or false";
  if (hyper.type == DESCENT_CHOICE)
    return fmt::format("its words: {}",
                       fmt::join(hyper.words, hyper.words + std::size_t(hyper.high) + 1, ", "));
  const std::string numbers = hyper.type == DESCENT_INTEGER ? "the whole numbers in " : "";
  return numbers + fmt::format("[{}, {}]", hyper.low, hyper.high);
}

// Of a loss: what the host compares with data and model.
void check_declarations(const Plugin& loss) {
  if (loss->targets == 0 || loss->prediction > DESCENT_LOG_RATES)
    throw Error({loss.path(), 0, 0},
                "does not say which targets and predictions the loss is defined for; see "
                "descent_targets and descent_prediction in sdk/abi.h");
  for (const char* name : {loss->log_prediction, loss->log_target}) {
    const int i = name ? loss.hyperparameter_index(name) : 0;
    if (name && (i < 0 || loss->hypers[i].type != DESCENT_BOOLEAN))
      throw Error({loss.path(), 0, 0},
                  fmt::format("names '{}' as what makes it read logarithms, which is no boolean "
                              "hyperparameter of it",
                              name));
  }
}

}  // namespace

std::string kind_name(descent_kind kind, bool plural) {
  static constexpr const char* names[] = {"loss", "optimizer", "regularizer"};
  static constexpr const char* plurals[] = {"losses", "optimizers", "regularizers"};
  return (plural ? plurals : names)[kind];
}

std::vector<std::string> words_of(const descent_hyper& hyper) {
  if (hyper.type != DESCENT_CHOICE) return {};
  return {hyper.words, hyper.words + std::size_t(hyper.high) + 1};
}

Plugin::Plugin(const LibraryFile& file) : path_(file.path()), hash_(file.hash()) {
  const auto library = load(file);
  floating_point_ = library->floating_point();
  table_ = {library, library->entry()};
  if (!table_)
    throw Error({path_, 0, 0}, "is not a descent plugin: it has no symbol descent_entry");
  if (table_->abi != DESCENT_ABI)
    throw Error({path_, 0, 0},
                fmt::format("was built for plugin interface {}, this descent has interface {}; "
                            "rebuild the plugin against this version's headers",
                            table_->abi, DESCENT_ABI));
  if (table_->kind > DESCENT_REGULARIZER)
    throw Error({path_, 0, 0},
                fmt::format("has the kind {}, which does not exist", int(table_->kind)));
  if (table_->kind == DESCENT_LOSS) check_declarations(*this);
  const auto stem = file.path().stem().string();
  if (table_->name != stem)
    throw Error({path_, 0, 0},
                fmt::format("contains the plugin '{}', not '{}'; the file must have the "
                            "plugin's name",
                            table_->name, stem));
}

Plugin::Plugin(const LibraryFile& file, descent_kind kind) : Plugin(file) {
  if (table_->kind != kind)
    throw Error({path_, 0, 0}, fmt::format("is not a plugin of kind {}", kind_name(kind)));
}

std::string Plugin::label() const {
  return fmt::format("{} '{}'", kind_name(table_->kind), table_->name);
}

std::vector<std::string> Plugin::hyperparameter_names() const {
  std::vector<std::string> names;
  names.reserve(table_->hyper_count);
  for (std::uint32_t i = 0; i < table_->hyper_count; ++i)
    names.emplace_back(table_->hypers[i].name);
  return names;
}

int Plugin::hyperparameter_index(const std::string& name) const {
  for (std::uint32_t i = 0; i < table_->hyper_count; ++i)
    if (name == table_->hypers[i].name) return int(i);
  return -1;
}

std::string Plugin::objection(std::size_t i, double value) const {
  const auto& hyper = table_->hypers[i];
  if (fits(hyper, value)) return "";
  return fmt::format("{} = {} is outside {}", hyper.name, value, range(hyper));
}

bool Plugin::is_on(const char* hyper, const std::vector<double>& values) const {
  const int i = hyper ? hyperparameter_index(hyper) : -1;
  return i >= 0 && values.at(std::size_t(i)) != 0;
}

std::string Plugin::conflict(const std::vector<double>& values) const {
  const char* const found = table_->conflict ? table_->conflict(values.data()) : nullptr;
  return found ? found : "";
}

void Plugin::refuse_conflict(const std::vector<double>& values) const {
  if (const auto text = conflict(values); !text.empty())
    throw std::runtime_error(label() + ": " + text);
}

PluginConfig Plugin::default_base(const std::map<std::string, double>& given) const {
  std::istringstream words(table_->base);
  std::string word;
  words >> word;  // the name
  auto values = given;
  while (words >> word) {
    const auto sign = word.find('=');
    values.emplace(word.substr(0, sign),
                   std::strtod(word.c_str() + std::min(sign + 1, word.size()), nullptr));
  }
  return base_->settle(values);
}

PluginConfig Plugin::settle(const std::map<std::string, double>& given) const {
  PluginConfig choice{table_->name, {}};
  for (std::uint32_t i = 0; i < table_->hyper_count; ++i)
    choice.hyperparameters.push_back(table_->hypers[i].fallback);
  std::map<std::string, double> of_base;
  for (const auto& [name, value] : given) {
    const int i = hyperparameter_index(name);
    if (i < 0 && base_ && base_->hyperparameter_index(name) >= 0) {
      of_base[name] = value;
      continue;
    }
    if (i < 0)
      throw Error(fmt::format("{} has no hyperparameter '{}'{}", label(), name,
                              did_you_mean(name, hyperparameter_names(),
                                           std::string("key of ") + kind_name(table_->kind))));
    if (const auto text = objection(std::size_t(i), value); !text.empty())
      throw Error(label() + ": " + text);
    choice.hyperparameters[std::size_t(i)] = value;
  }
  if (base_) choice.base.push_back(default_base(of_base));
  return choice;
}

}  // namespace descent::host
