// SPDX-License-Identifier: MIT
// All plugins within reach: <folder>/<kind>s/<name>.so and <folder>/<name>.so of each folder, first
// found wins. Files are looked at only when a plugin is asked for.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/plugin.h"

namespace descent {

class Catalog {
 public:
  explicit Catalog(std::vector<std::filesystem::path> folders);

  // The folders a program searches: --plugins, DESCENT_PLUGIN_PATH, those beside the executable
  // (<exe>/plugins, <exe>/../lib/descent/plugins). Never the current folder.
  static std::vector<std::filesystem::path> standard_folders(
      const std::vector<std::filesystem::path>& extra);

  std::vector<std::string> names(descent_kind kind) const;  // sorted
  bool contains(descent_kind kind, const std::string& name) const;

  // Loads on first use. Throws Error: "optimizer 'adm' is not known; did you mean 'adam'?".
  const Plugin& get(descent_kind kind, const std::string& name) const;

 private:
  std::map<std::string, std::filesystem::path> files_[3];
  mutable std::map<std::pair<int, std::string>, Plugin> loaded_;
};

}  // namespace descent
