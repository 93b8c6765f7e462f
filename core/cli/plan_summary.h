// SPDX-License-Identifier: MIT
// What a run of each experiment of a plan would do: points, runs, and how many a store holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/explain_new.h"
#include "engine/plan.h"

namespace descent::cli {

struct PlannedExperiment {
  std::string name;
  std::uint64_t points = 0;
  std::uint64_t runs = 0;       // with `until`: those of the first replicates, or stored
  std::uint64_t most_runs = 0;  // with `until`: if no point stops early
  std::uint64_t stored = 0;     // of runs
  std::uint64_t failing = 0, repeated = 0;  // points that are not planned
  std::vector<Reason> why_new{};            // if asked for

  std::uint64_t missing() const { return runs - stored; }
};

// In the plan's order; the rerun of stages follows its experiment. database: may not exist; then
// nothing is stored. Throws store::StoreError where it cannot be read.
std::vector<PlannedExperiment> summarize(const engine::Plan& plan, const std::string& database,
                                         bool explain);

}  // namespace descent::cli
