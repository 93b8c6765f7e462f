// SPDX-License-Identifier: MIT
// `--set path=value`: one value of an experiment file replaced or added. The value is YAML, axes
// included. At a choice its name may be given or left out: optimizer.sgd.lr, optimizer.lr; a path
// through a grid changes every choice of it, or those that are named; list positions are numbers.
#pragma once

#include <string>
#include <vector>

#include "experiment/shape.h"
#include "experiment/tree.h"

namespace descent::yaml {

// Places of what an override brings are "--set path=value". Problems leave the tree as it was.
Tree with_override(const Tree& tree, const Shape& shape, const std::string& text,
                   std::vector<Problem>& problems);

// The same of a value that stands in the file itself.
Tree with_value(const Tree& tree, const Shape& shape, const std::string& path, const Tree& value,
                std::vector<Problem>& problems);

}  // namespace descent::yaml
