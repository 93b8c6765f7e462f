// SPDX-License-Identifier: MIT
// A file's tree with its defaults spelt out, axes kept as axes.
#pragma once

#include <nlohmann/json.hpp>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

inline constexpr const char* default_origin = "default";  // Place::file of what no file writes

// What two resolved configurations agree on; a choice that differs is left out whole.
nlohmann::json common_part(const nlohmann::json& a, const nlohmann::json& b);

// common: what all points of the tree resolve to, as far as they agree; defaults that follow from
// other values are taken from it, and left out where points differ. A bare value stands under its
// key, a choice with its hyperparameters. Offers the same points as the tree, in the same order.
// REQUIRES: a tree without problems.
Tree with_defaults(const Schema& schema, const Tree& tree, const nlohmann::json& common);

}  // namespace descent::experiment
