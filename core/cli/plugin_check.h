// SPDX-License-Identifier: MIT
// The conformance kit for people: a row a check, a line for the reference cases, a verdict.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/check.h"
#include "host/catalog.h"

namespace descent::cli {

struct Report {
  bool holds = true;  // all of it
  nlohmann::json json;
};

// What a plugin is compared with: files of reference cases, and other plugins or tables.
struct Comparisons {
  std::vector<std::string> vectors;
  std::vector<conformance::Check> against;
};

// Comparisons with what each word names, "adam:lr=0.1,beta1=0.8" or "table.csv", and with every
// plugin that claims the same method. Throws Error for a word that names neither.
std::vector<conformance::Check> comparisons_with(const host::Catalog& catalog,
                                                 const host::Plugin& plugin,
                                                 const std::vector<std::string>& words);

// Prints each row when it is known, and what takes over two seconds on stderr. Throws Error when a
// file of reference cases cannot be read or none is about the plugin.
Report check_plugin(const host::Plugin& plugin, const Comparisons& comparisons,
                    const std::function<void(const std::string&)>& print);

}  // namespace descent::cli
