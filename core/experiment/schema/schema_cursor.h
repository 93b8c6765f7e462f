// SPDX-License-Identifier: MIT
// Walks down a tree together with its schema: what the language knows about a value, and its name.
#pragma once

#include <string>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// Where a value stands. An axis stands where its values do.
struct SchemaCursor {
  const Schema* schema = nullptr;  // null where the language knows none
  bool in_plugin = false;          // among the keys of a plugin
  std::string path;                // as messages name it: "optimizer.sgd.lr"
  std::string resolved;            // where it resolves: "optimizer.lr"
  // Of {linear: {units: 1, bias: true}}: where the keys other than units resolve.
  std::string shorthand_parent{};

  SchemaCursor item(std::size_t i) const;                         // of a list that stands here
  SchemaCursor entry(const Node& map, const Entry& entry) const;  // of a map that stands here
};

// The choice that may stand where this schema is asked for, alone or in a list; or null.
const Schema* as_choice(const Schema* schema);

// What a choice takes by that name; null when it has no such name, or a plugin that cannot be
// loaded: resolving a point reports that.
const Schema* argument_schema(const Schema& choice, const std::string& name);

// Where a single value resolves that stands here: {linear: 16} is {linear: {units: 16}}.
std::string resolved_path(const SchemaCursor& here);

}  // namespace descent::experiment
