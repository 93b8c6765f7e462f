// SPDX-License-Identifier: MIT
// Reference cases: values, gradients and trajectories computed elsewhere, in JSON. The format
// is described in tests/reference/README.md; rows are samples there and columns here.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/plugin.h"

namespace descent::conformance {

struct Comparison {
  std::string id;
  double deviation = 0;  // the largest, in units of the case's tolerance: up to 1 it matches
  std::string text;      // where, or why it could not be compared

  bool matches() const { return deviation <= 1; }
};

// The cases of a file that concern this plugin. Throws Error when it is not a file of cases.
std::vector<nlohmann::json> cases_for(const host::Plugin& plugin, const std::string& path);

// In double, and in float with a tolerance for float unless the case is not for float: an
// optimizer's on an objective, or one with a note that says that it is at an extreme.
Comparison compare(const host::Plugin& plugin, const nlohmann::json& one);

}  // namespace descent::conformance
