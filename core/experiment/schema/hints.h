// SPDX-License-Identifier: MIT
// What somebody probably meant who wrote a value or a key in a form that is not valid. Each hint
// follows a message: it begins with "; ", or is empty if there is nothing to guess.
#pragma once

#include <string>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// A blank left out after the colon: `epochs:5`.
std::string blank_hint(const std::string& word);

// A value that looks like an axis.
std::string axis_hint(const Schema& schema, const Node& node);

// A key's value and its name as one text: `every: 10 steps`.
std::string counted_hint(const Schema& schema, const Node& node, const std::string& path);

// A colon left out, or the blank after it: `train {epochs: 5}`.
std::string colon_hint(const Schema& schema, const Entry& entry);

}  // namespace descent::experiment
