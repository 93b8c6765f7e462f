// SPDX-License-Identifier: MIT
#include "engine/reruns.h"

#include <algorithm>

#include "store/reader.h"

namespace descent::engine {

bool Reruns::all_done() const {
  return outcome.all_done() && std::ranges::all_of(selections, [](const Selection& one) {
           return one.without_any.empty();
         });
}

std::vector<experiment::Experiment> reruns_of(
    const std::vector<experiment::Experiment>& tuned,
    const std::vector<std::vector<std::uint64_t>>& chosen) {
  std::vector<experiment::Experiment> all;
  for (std::size_t e = 0; e < chosen.size(); ++e)
    if (!chosen[e].empty()) all.push_back(tuned.at(e).rerun(chosen[e]));
  return all;
}

Reruns prepare_reruns(const Plan& tuned, const std::vector<std::int64_t>& point_ids,
                      const host::Catalog& catalog, store::Store& store,
                      const RunOptions& options) {
  Reruns reruns;
  auto reader = store::Reader::open(store.path());
  reruns.selections = select(tuned, point_ids, reader);
  std::vector<std::vector<std::uint64_t>> chosen(tuned.experiments().size());
  for (const auto& one : reruns.selections) chosen[one.experiment] = one.chosen;
  if (auto experiments = reruns_of(tuned.experiments(), chosen); !experiments.empty()) {
    reruns.plan = std::make_unique<Plan>(std::move(experiments), catalog);
    reruns.runner = std::make_unique<Runner>(*reruns.plan, store, options);
  }
  std::size_t next = 0;
  for (auto& one : reruns.selections) {
    for (auto& row : one.record.rows)
      if (row.chosen) row.rerun_point_id = reruns.runner->point_ids().at(next++);
    store.record(one.record);
  }
  return reruns;
}

}  // namespace descent::engine
