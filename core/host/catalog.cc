// SPDX-License-Identifier: MIT
#include "host/catalog.h"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/suggestion.h"
#include "host/isolated.h"
#include "host/trust.h"

namespace descent::host {
namespace {

namespace fs = std::filesystem;

constexpr unsigned seconds_to_load = 10;

std::vector<fs::path> libraries_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;  // a folder that is not there holds no plugins
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".so") found.push_back(entry.path());
  return found;
}

// An entry of DESCENT_PLUGIN_PATH.
fs::path absolute(const std::string& folder) {
  if (fs::path(folder).is_absolute()) return folder;
  throw Error(fmt::format(
      "DESCENT_PLUGIN_PATH: '{}' depends on the current folder; give the whole path", folder));
}

}  // namespace

Catalog::Catalog(const std::vector<fs::path>& folders, bool allow_writable)
    : allow_writable_(allow_writable) {
  std::vector<Problem> problems;
  for (const auto& folder : folders) {
    std::vector<fs::path> within{folder};
    for (const auto kind : kinds) within.push_back(folder / kind_name(kind, true));
    for (const auto& path : within) {
      const auto why = trust_problem(path);
      if (why.empty()) continue;
      auto& problem = problems.emplace_back();
      problem.place.file = path.string();
      problem.text = "plugins are not loaded from here: " + why;
      break;
    }
  }
  if (!problems.empty()) throw Error(std::move(problems));
  for (const auto& folder : folders) {
    for (const auto kind : kinds)
      for (const auto& path : libraries_in(folder / kind_name(kind, true))) add(kind, path, false);
    for (const auto& path : libraries_in(folder))
      for (const auto kind : kinds) add(kind, path, true);
  }
}

std::string Catalog::trust_problem(const fs::path& folder) const {
  return allow_writable_ ? "" : why_not_trusted(folder);
}

LibraryFile Catalog::trusted(const fs::path& path) const {
  LibraryFile file(path);
  const std::string why = allow_writable_ ? "" : why_not_trusted(file);
  if (!why.empty()) throw Error({path, 0, 0}, "is not loaded: " + why);
  return file;
}

void Catalog::add(descent_kind kind, const fs::path& path, bool loose) {
  auto& files = files_[kind][path.stem()];
  std::error_code ignored;
  for (const auto& file : files)
    if (fs::equivalent(file.path, path, ignored)) return;  // a folder given twice
  files.push_back({path, loose});
}

std::vector<fs::path> Catalog::standard_folders(const std::vector<fs::path>& extra) {
  auto folders = extra;
  if (const char* given = std::getenv("DESCENT_PLUGIN_PATH")) {
    std::istringstream list(given);
    for (std::string folder; std::getline(list, folder, ':');)
      if (!folder.empty()) folders.push_back(absolute(folder));
  }
  const auto executable = fs::path(own_executable()).parent_path();
  if (executable.empty()) return folders;
  folders.push_back(executable / "plugins");
  folders.push_back(executable.parent_path() / "lib" / "descent" / "plugins");
  return folders;
}

// Loading runs the constructors of the file.
const Catalog::Probe& Catalog::probe(const fs::path& path) const {
  if (const auto known = probes_.find(path); known != probes_.end()) return known->second;
  const auto loaded =
      isolated([&] { return std::to_string(int(Plugin(trusted(path))->kind)); }, seconds_to_load);
  Probe found;
  const auto prefix = path.string() + ": error: ";
  if (loaded.returned)
    found.kind = std::stoi(loaded.text);
  else if (loaded.text.starts_with(prefix))
    found.objection = loaded.text.substr(prefix.size());
  else
    found.objection = "cannot be loaded as a plugin: " + loaded.text;
  return probes_.emplace(path, found).first->second;
}

bool Catalog::may_be(const File& file, descent_kind kind) const {
  if (!file.loose) return true;
  const int found = probe(file.path).kind;
  return found == int(kind) || found == unknown_kind;
}

std::vector<fs::path> Catalog::files(descent_kind kind, const std::string& name) const {
  std::vector<fs::path> found;
  if (const auto files = files_[kind].find(name); files != files_[kind].end())
    for (const auto& file : files->second)
      if (may_be(file, kind)) found.push_back(file.path);
  return found;
}

std::vector<std::string> Catalog::names(descent_kind kind) const {
  std::vector<std::string> names;
  for (const auto& [name, all] : files_[kind])
    if (contains(kind, name)) names.push_back(name);
  return names;
}

bool Catalog::contains(descent_kind kind, const std::string& name) const {
  return !files(kind, name).empty();
}

std::string Catalog::objection(descent_kind kind, const std::string& name) const {
  const auto found = files(kind, name);
  if (found.empty() || probe(found.front()).objection.empty()) return "";
  return Error({found.front(), 0, 0}, probe(found.front()).objection).what();
}

std::vector<fs::path> Catalog::shadowed(descent_kind kind, const std::string& name) const {
  auto others = files(kind, name);
  if (others.size() < 2) return {};
  const auto hash = hash128_of_file(others.front());
  std::erase_if(others, [&](const fs::path& path) { return hash128_of_file(path) == hash; });
  return others;
}

const Plugin& Catalog::get(descent_kind kind, const std::string& name) const {
  const auto key = std::pair(int(kind), name);
  if (const auto found = loaded_.find(key); found != loaded_.end()) return found->second;
  const auto found = files(kind, name);
  if (found.empty())
    throw Error(fmt::format("{} '{}' is not known{}", kind_name(kind), name,
                            did_you_mean(name, names(kind), kind_name(kind))));
  if (const auto known = probes_.find(found.front());
      known != probes_.end() && !known->second.objection.empty())
    throw Error({found.front(), 0, 0}, known->second.objection);
  Plugin plugin(trusted(found.front()), kind);
  find_base(plugin);
  return loaded_.emplace(key, std::move(plugin)).first->second;
}

void Catalog::find_base(Plugin& plugin) const {
  if (plugin->kind != DESCENT_OPTIMIZER || !plugin->base) return;
  const std::string text = plugin->base, base = text.substr(0, text.find(' '));
  if (base == plugin->name || !contains(DESCENT_OPTIMIZER, base))
    throw Error({plugin.path(), 0, 0},
                fmt::format("wraps optimizer '{}', which is not found", base));
  const auto& wrapped = get(DESCENT_OPTIMIZER, base);
  if (wrapped->base)
    throw Error({plugin.path(), 0, 0},
                fmt::format("wraps optimizer '{}' by default, which wraps another one; "
                            "the default has to be a rule of its own",
                            base));
  plugin.wrap(wrapped);
}

}  // namespace descent::host
