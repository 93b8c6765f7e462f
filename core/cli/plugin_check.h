// SPDX-License-Identifier: MIT
// The conformance kit for people: a row a check, a line for the reference cases, a verdict.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/plugin.h"

namespace descent::cli {

struct Report {
  bool holds = true;  // all of it
  std::string text;
  nlohmann::json json;
};

// vectors: files of reference cases. Throws Error when one cannot be read or none is about the
// plugin.
Report check_plugin(const host::Plugin& plugin, const std::vector<std::string>& vectors);

}  // namespace descent::cli
