// SPDX-License-Identifier: MIT
// What a person wants to see when a run is over: the table of a grid, or a point's curve.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan.h"
#include "engine/selection.h"

namespace descent::cli {

// Tables show as many swept values in columns of their own, more of them as points.label.
inline constexpr std::size_t most_point_columns = 5;

// point_ids: the store's, by the position of the plan.
void print_report(const std::string& database, const engine::Plan& plan,
                  const std::vector<std::int64_t>& point_ids);

// What was chosen of the plan's experiments, and of which groups nothing could be.
void print_selections(const std::string& database, const engine::Plan& plan,
                      const std::vector<engine::Selection>& selections);

// The last point in the store, 0: none; later ones have greater numbers.
std::int64_t last_point(const std::string& database);

// The points after `last` that took the place of others, as of a plugin before it was rebuilt: the
// loss of both.
void print_changes(const std::string& database, const engine::Plan& plan, std::int64_t last);

}  // namespace descent::cli
