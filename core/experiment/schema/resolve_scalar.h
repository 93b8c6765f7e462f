// SPDX-License-Identifier: MIT
// Values without parts, checked against their schemas: numbers, flags, texts, durations, memory.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// As resolve(), of a schema that has no parts. experiment_file: what paths become relative to.
nlohmann::json resolve_scalar(const Schema& schema, const Node& node, const std::string& path,
                              const std::string& experiment_file, std::vector<Problem>& problems);

}  // namespace descent::experiment
