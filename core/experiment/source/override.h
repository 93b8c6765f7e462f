// SPDX-License-Identifier: MIT
// `--set path=value`: one value of an experiment file replaced or added; `path+=value` appends to a
// list. The value is YAML, axes included; where free text is wanted, what is no scalar is taken as
// it stands. At a choice its name may be given or left out: optimizer.sgd.lr, optimizer.lr; a path
// through a grid changes every choice of it, or those that are named, or with `grid` and a position
// one of them: optimizer.lr.grid.0. List positions are numbers from 0.
#pragma once

#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// Places of what an override brings are "--set path=value". Problems leave the tree as it was.
Tree with_override(const Tree& tree, const Schema& schema, const std::string& text,
                   std::vector<Problem>& problems);

// The same in a part of the file that is there for its anchors: what aliases a changed node, or
// merges it, changes too. REQUIRES: merge keys are not carried out yet.
Tree with_anchor_override(const Tree& tree, const std::string& text,
                          std::vector<Problem>& problems);

// The first segment of an override's path; "" when it is no override.
std::string overridden_key(const std::string& text);

// The same of a value that stands in the file itself.
Tree with_value(const Tree& tree, const Schema& schema, const std::string& path, const Tree& value,
                std::vector<Problem>& problems);

}  // namespace descent::experiment
