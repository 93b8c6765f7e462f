// SPDX-License-Identifier: MIT
// A plugin found on disk, checked, and ready to call. The library stays loaded while any copy of
// the Plugin lives.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/library_file.h"
#include "host/plugin_config.h"
#include "sdk/abi.h"

namespace descent::host {

inline constexpr descent_kind kinds[] = {DESCENT_LOSS, DESCENT_OPTIMIZER, DESCENT_REGULARIZER};

// "loss", "optimizer", "regularizer"; with plural, the folder's name.
std::string kind_name(descent_kind kind, bool plural = false);

// The words of a choice; none of other types.
std::vector<std::string> words_of(const descent_hyper& hyper);

class Plugin {
 public:
  // Loads with every symbol resolved now. Throws Error with the path when the file is not a
  // library of this machine or not a plugin, has another abi (both numbers are reported) or another
  // name than its plugin, or is of another kind than wanted. What happens to the file later does
  // not matter: a sealed copy of its bytes is loaded.
  explicit Plugin(const LibraryFile& file);
  Plugin(const LibraryFile& file, descent_kind kind);
  explicit Plugin(const std::string& path) : Plugin(LibraryFile(path)) {}
  Plugin(const std::string& path, descent_kind kind) : Plugin(LibraryFile(path), kind) {}

  const descent_plugin* operator->() const { return table_.get(); }
  const std::string& path() const { return path_; }
  std::string label() const;                         // "optimizer 'adam'"
  const std::string& hash() const { return hash_; }  // of the bytes that were loaded, hash128

  // The optimizer that a wrapper wraps by default; null unless a Catalog found it.
  const Plugin* base() const { return base_.get(); }
  void wrap(const Plugin& base) { base_ = std::make_shared<const Plugin>(base); }

  // Its configuration: the wrapper's values for it, overridden by the given ones. REQUIRES: base().
  PluginConfig default_base(const std::map<std::string, double>& given = {}) const;

  // How loading it changed the floating-point environment (base/floating_point.h), which was
  // restored; "": not at all.
  const std::string& floating_point() const { return floating_point_; }

  std::vector<std::string> hyperparameter_names() const;
  int hyperparameter_index(const std::string& name) const;  // -1 when there is none of that name

  // Why hyperparameter i cannot have the value, such as "lr = 7 is outside [0, 1]"; "" when it can.
  std::string objection(std::size_t i, double value) const;

  // Whether the boolean hyperparameter of that name is true; false for null.
  bool is_on(const char* hyper, const std::vector<double>& values) const;

  // Why the values of all hyperparameters do not go together, such as "nesterov needs dampening:
  // 0"; "" when they do. It begins with the name of one of them.
  std::string conflict(const std::vector<double>& values) const;
  void refuse_conflict(const std::vector<double>& values) const;  // throws std::runtime_error

  // Defaults, overridden by the given values; throws Error on an unknown name or a value out of
  // range. Values that only base() has are for this one.
  PluginConfig settle(const std::map<std::string, double>& given) const;

 private:
  std::string path_, hash_, floating_point_;
  std::shared_ptr<const Plugin> base_;
  std::shared_ptr<const descent_plugin> table_;  // owns the table and, with it, the library
};

}  // namespace descent::host
