// SPDX-License-Identifier: MIT
// The way back: a resolved configuration as an experiment file writes it.
#pragma once

#include <nlohmann/json.hpp>

#include "experiment/schema/schema.h"

namespace descent::experiment {

// What resolves to `resolved`, all defaults spelt out: {"name": "sgd", "lr": 0.1} is {"sgd": {"lr":
// 0.1}}. Throws Error when the schema has no such choice, as a plugin that is no longer there.
nlohmann::json unresolve(const Schema& schema, const nlohmann::json& resolved);

}  // namespace descent::experiment
