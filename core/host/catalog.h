// SPDX-License-Identifier: MIT
// All plugins that can be found: <folder>/<kind>s/<name>.so and <folder>/<name>.so of each folder,
// first found wins. A file is loaded only when it is named. The kind of a file outside a kind's
// folder is found by loading it: until it is named, in a separate process. If it cannot be loaded,
// it may be of any kind.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/plugin.h"

namespace descent::host {

class Catalog {
 public:
  // Throws Error for folders that others can write (trust.h), unless they are trusted anyway; files
  // that others can write count as not loadable.
  explicit Catalog(const std::vector<std::filesystem::path>& folders, bool allow_writable = false);

  // The folders a program searches: --plugins, DESCENT_PLUGIN_PATH, those next to the executable
  // (<exe>/plugins, <exe>/../lib/descent/plugins). Never the current folder: a relative path in the
  // environment is an Error.
  static std::vector<std::filesystem::path> standard_folders(
      const std::vector<std::filesystem::path>& extra);

  std::vector<std::string> names(descent_kind kind) const;  // sorted
  bool contains(descent_kind kind, const std::string& name) const;

  // Why the plugin cannot be loaded, as a line with its path; "" when it can. Loads nothing.
  std::string objection(descent_kind kind, const std::string& name) const;

  // Other files of that kind and name, with other bytes, that come later in the order of search.
  std::vector<std::filesystem::path> shadowed(descent_kind kind, const std::string& name) const;

  // Loads on first use. Throws Error: "optimizer 'adm' is not known; did you mean 'adam'?".
  const Plugin& get(descent_kind kind, const std::string& name) const;

  // Gives a wrapper what it wraps by default; get() does. Throws Error when that is not there or
  // wraps another one.
  void find_base(Plugin& plugin) const;

 private:
  static constexpr int unknown_kind = -1;
  struct File {
    std::filesystem::path path;
    bool loose;  // not in a kind's folder
  };
  struct Probe {
    int kind = unknown_kind;
    std::string objection;
  };

  std::string trust_problem(const std::filesystem::path& folder) const;
  LibraryFile trusted(const std::filesystem::path& path) const;
  void add(descent_kind kind, const std::filesystem::path& path, bool loose);
  const Probe& probe(const std::filesystem::path& path) const;
  bool may_be(const File& file, descent_kind kind) const;
  std::vector<std::filesystem::path> files(descent_kind kind, const std::string& name) const;

  bool allow_writable_;
  std::map<std::string, std::vector<File>> files_[3];  // in the order of search
  mutable std::map<std::filesystem::path, Probe> probes_;
  mutable std::map<std::pair<int, std::string>, Plugin> loaded_;
};

}  // namespace descent::host
