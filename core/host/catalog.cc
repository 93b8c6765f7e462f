// SPDX-License-Identifier: MIT
#include "host/catalog.h"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

#include "base/error.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

constexpr descent_kind kinds[] = {DESCENT_LOSS, DESCENT_OPTIMIZER, DESCENT_REGULARIZER};

void collect(const fs::path& folder, std::map<std::string, fs::path>& files) {
  std::error_code ignored;  // a folder that is not there holds no plugins
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".so") files.emplace(entry.path().stem(), entry.path());
}

// A file outside a kind's folder tells its kind only when it is loaded.
bool is_of_kind(const fs::path& path, descent_kind kind) {
  try {
    Plugin(path, kind);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Catalog::Catalog(std::vector<fs::path> folders) {
  for (const auto& folder : folders) {
    for (const auto kind : kinds) collect(folder / kind_name(kind, true), files_[kind]);
    std::map<std::string, fs::path> loose;
    collect(folder, loose);
    for (const auto& [name, path] : loose)
      for (const auto kind : kinds)
        if (!files_[kind].contains(name) && is_of_kind(path, kind)) files_[kind][name] = path;
  }
}

std::vector<fs::path> Catalog::standard_folders(const std::vector<fs::path>& extra) {
  auto folders = extra;
  if (const char* given = std::getenv("DESCENT_PLUGIN_PATH")) {
    std::istringstream list(given);
    for (std::string folder; std::getline(list, folder, ':');)
      if (!folder.empty()) folders.emplace_back(folder);
  }
  std::error_code unknown;
  const auto executable = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  if (unknown) return folders;
  folders.push_back(executable / "plugins");
  folders.push_back(executable.parent_path() / "lib" / "descent" / "plugins");
  return folders;
}

std::vector<std::string> Catalog::names(descent_kind kind) const {
  std::vector<std::string> names;
  for (const auto& [name, path] : files_[kind]) names.push_back(name);
  return names;
}

bool Catalog::contains(descent_kind kind, const std::string& name) const {
  return files_[kind].contains(name);
}

const Plugin& Catalog::get(descent_kind kind, const std::string& name) const {
  const auto key = std::pair(int(kind), name);
  if (const auto found = loaded_.find(key); found != loaded_.end()) return found->second;
  const auto file = files_[kind].find(name);
  if (file == files_[kind].end())
    throw Error(fmt::format("{} '{}' is not known{}", kind_name(kind), name,
                            suggestion(name, names(kind))));
  return loaded_.emplace(key, Plugin(file->second, kind)).first->second;
}

}  // namespace descent
