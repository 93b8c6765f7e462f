// SPDX-License-Identifier: MIT
// Selection of tuned points for the next stage: which ones are best by a rule, and why the others
// are not.
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"
#include "store/reader.h"
#include "store/records.h"

namespace descent::engine {

// A point to choose, with its runs in replicate order.
struct Candidate {
  std::uint64_t position = 0;  // in its experiment
  std::int64_t point_id = 0;
  std::string per;             // the group in which it competes
  std::vector<double> values;  // of the metric; not finite: the run is not done
  std::uint64_t pruned = 0;    // of those; more than none: the point cannot be chosen
};

// One row per candidate, in their order. In each group those of a finite value by the rule are
// ranked, equal ones in the order of the file, and the first `top` are chosen.
std::vector<store::SelectionRow> choose(const experiment::SelectSettings& settings,
                                        const std::vector<Candidate>& candidates);

// The group in which a point competes, by its values at these paths: "optimizer=adam,
// model.layers.0.linear=16". Paths that it does not have are left out.
std::string group_of(const experiment::Experiment& experiment, const std::vector<std::string>& per,
                     std::uint64_t index);

// The points chosen in an experiment with stages, and the experiment that they form.
struct Selection {
  std::size_t experiment = 0;
  store::SelectionRecord record;
  std::vector<std::uint64_t> chosen;     // positions in the experiment, ascending
  std::vector<std::string> without_any;  // groups in which no point can be chosen, and why
};

// Of every experiment with stages. Looks at the planned replicates alone, whatever else is stored.
// point_ids: the store's, by the position of the plan. REQUIRES: everything planned is trained.
std::vector<Selection> select(const Plan& plan, const std::vector<std::int64_t>& point_ids,
                              store::Reader& reader);

// The largest number of points that the rerun of an experiment with stages can have.
std::uint64_t rerun_points(const experiment::Experiment& experiment);

}  // namespace descent::engine
