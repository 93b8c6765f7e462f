// SPDX-License-Identifier: MIT
// The trees that the stages of a file train, and what stages cannot ask for.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/language/stages.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// The file's tree with what stages.tune says in place of the file's own values; without stages the
// tree itself.
Tree tuned(const Tree& tree, const Schema& schema, std::vector<Problem>& problems);

// The stages of a resolved configuration of the tuned tree; nothing: the file has none. Adds what
// is wrong with them. swept: the paths that the grid sweeps.
std::optional<Stages> stages_of(const nlohmann::json& resolved, const Node& tree,
                                const std::vector<std::string>& swept,
                                std::vector<Problem>& problems);

// What is wrong with prune.
void check_prune(const nlohmann::json& resolved, const Node& tree,
                 const std::vector<std::string>& swept, std::vector<Problem>& problems);

// The grid of these points of the file's tree (PointGrid::pick), as it is without tuning, on the
// replicates of the rerun and under that name.
Tree rerun_tree(const Tree& tree, const Schema& schema, const Stages& stages,
                const std::string& name, const std::vector<std::uint64_t>& points,
                std::vector<Problem>& problems);

// With replicates.count as stages.tune gives it, where the file itself gives none.
Tree with_tuned_count(const Tree& tree, const Schema& schema);

}  // namespace descent::experiment
