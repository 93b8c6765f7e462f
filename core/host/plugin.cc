// SPDX-License-Identifier: MIT
#include "host/plugin.h"

#define BOOST_DLL_USE_STD_FS
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/dll/import.hpp>
#include <boost/dll/shared_library.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "base/error.h"
#include "base/hash.h"
#include "base/suggestion.h"
#include "host/elf.h"

namespace descent::host {
namespace {

using boost::dll::shared_library;

// The dynamic linker says "PATH: what is wrong"; our message already has the path.
std::string reason(const std::string& path, std::string text) {
  if (const auto at = text.find(path + ": "); at != text.npos) text.erase(0, at + path.size() + 2);
  return text;
}

// A library's constructors and destructors may print: that must not mix with the program's output.
class QuietOutput {
 public:
  QuietOutput() {
    std::fflush(stdout);
    output_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  ~QuietOutput() {
    std::fflush(stdout);
    if (output_ < 0) return;
    ::dup2(output_, STDOUT_FILENO);
    ::close(output_);
  }
  QuietOutput(const QuietOutput&) = delete;
  QuietOutput& operator=(const QuietOutput&) = delete;

 private:
  int output_ = -1;
};

std::shared_ptr<const descent_plugin> import_table(const std::string& path) {
  if (const auto why = incompatibility(path); !why.empty())
    throw Error({path, 0, 0}, "cannot be loaded as a plugin: " + why);
  const QuietOutput quiet;
  std::error_code failure;
  const std::shared_ptr<shared_library> library(new shared_library, [](shared_library* loaded) {
    const QuietOutput unloading;
    delete loaded;
  });
  library->load(std::filesystem::path(path), boost::dll::load_mode::rtld_now, failure);
  if (failure)
    throw Error({path, 0, 0}, "cannot be loaded as a plugin: " + reason(path, failure.message()));
  if (!library->has("descent_entry"))
    throw Error({path, 0, 0}, "is not a descent plugin: it has no symbol descent_entry");
  return {library, &library->get<const descent_plugin>("descent_entry")};
}

bool fits(const descent_hyper& hyper, double value) {
  return hyper.low <= value && value <= hyper.high &&
         (hyper.type == DESCENT_REAL || value == std::floor(value));
}

std::string range(const descent_hyper& hyper) {
  if (hyper.type == DESCENT_BOOLEAN) return "true or false";
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
    const int i = name ? loss.hyper_index(name) : 0;
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

Plugin::Plugin(const std::string& path)
    : path_(path), hash_(hash128_of_file(path)), table_(import_table(path)) {
  if (table_->abi != DESCENT_ABI)
    throw Error({path, 0, 0},
                fmt::format("was built for plugin interface {}, this descent has interface {}; "
                            "rebuild the plugin against this version's headers",
                            table_->abi, DESCENT_ABI));
  if (table_->kind > DESCENT_REGULARIZER)
    throw Error({path, 0, 0}, fmt::format("is of kind {}, which is none", int(table_->kind)));
  if (table_->kind == DESCENT_LOSS) check_declarations(*this);
  const auto stem = std::filesystem::path(path).stem().string();
  if (table_->name != stem)
    throw Error({path, 0, 0}, fmt::format("holds the plugin '{}', not '{}'; the file must have the "
                                          "plugin's name",
                                          table_->name, stem));
}

Plugin::Plugin(const std::string& path, descent_kind kind) : Plugin(path) {
  if (table_->kind != kind)
    throw Error({path, 0, 0}, fmt::format("is not a plugin of kind {}", kind_name(kind)));
}

std::string Plugin::label() const {
  return fmt::format("{} '{}'", kind_name(table_->kind), table_->name);
}

std::vector<std::string> Plugin::hyper_names() const {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < table_->hyper_count; ++i) names.push_back(table_->hypers[i].name);
  return names;
}

int Plugin::hyper_index(const std::string& name) const {
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
  const int i = hyper ? hyper_index(hyper) : -1;
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

PluginConfig Plugin::settle(const std::map<std::string, double>& given) const {
  PluginConfig choice{table_->name, {}};
  for (std::uint32_t i = 0; i < table_->hyper_count; ++i)
    choice.hypers.push_back(table_->hypers[i].fallback);
  for (const auto& [name, value] : given) {
    const int i = hyper_index(name);
    if (i < 0)
      throw Error(fmt::format(
          "{} has no hyperparameter '{}'{}", label(), name,
          did_you_mean(name, hyper_names(), std::string("key of ") + kind_name(table_->kind))));
    if (const auto text = objection(std::size_t(i), value); !text.empty())
      throw Error(label() + ": " + text);
    choice.hypers[std::size_t(i)] = value;
  }
  return choice;
}

}  // namespace descent::host
