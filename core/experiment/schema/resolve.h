// SPDX-License-Identifier: MIT
// One point's tree checked against its schema and written out in full: defaults filled in, numbers
// as numbers, whichever way the file spells them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// REQUIRES: !tree.varies. A value with a problem resolves as null, so what is whole can still be
// checked. path ("train.epochs") is how messages name the value. Paths of files become relative to
// the file that the tree's root is of.
nlohmann::json resolve(const Schema& schema, const Node& tree, const std::string& path,
                       std::vector<Problem>& problems);

// What names a choice: NAME or {NAME: argument}; its place is that of the name. Null argument: none
// was written. An empty name: the node is neither.
struct Named {
  std::string name;
  Place place;
  Tree argument;
};
Named named(const Node& node);

}  // namespace descent::experiment
