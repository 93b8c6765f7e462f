// SPDX-License-Identifier: MIT
// What follows a tuned grid with stages: the best points, trained again on other replicates.
#pragma once

#include <memory>
#include <vector>

#include "engine/plan.h"
#include "engine/runner.h"
#include "engine/selection.h"

namespace descent::engine {

struct Reruns {
  std::vector<Selection> selections;
  std::unique_ptr<Plan> plan;      // none: nothing is trained again
  std::unique_ptr<Runner> runner;  // of the plan; none as well
  Outcome outcome;

  bool all_done() const;
};

// Selects, registers what is trained again and records the choice, so that it is in the store
// before anything of it runs. REQUIRES: everything planned is trained.
Reruns prepare_reruns(const Plan& tuned, const std::vector<std::int64_t>& point_ids,
                      const host::Catalog& catalog, store::Store& store, const RunOptions& options);

// The experiments that these points of the tuned ones form, by experiment; none of it: no points.
std::vector<experiment::Experiment> reruns_of(
    const std::vector<experiment::Experiment>& tuned,
    const std::vector<std::vector<std::uint64_t>>& chosen);

}  // namespace descent::engine
