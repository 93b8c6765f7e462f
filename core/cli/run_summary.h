// SPDX-License-Identifier: MIT
// What descent run did, as a line on the terminal or as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/reruns.h"

namespace descent::cli {

// How many runs are planned, were stored before and were trained, and how they ended; with a
// warning of points that `until` left imprecise.
void print_summary(const engine::Plan& plan, const engine::Outcome& outcome,
                   const std::string& database);

// The same with the plan's warnings, what stages selected, and what was trained again.
nlohmann::json summary_of(const engine::Plan& plan, const engine::Outcome& outcome,
                          const engine::Reruns& reruns, const std::string& database);

}  // namespace descent::cli
