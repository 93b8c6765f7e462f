// SPDX-License-Identifier: MIT
#include "engine/registration.h"

#include <map>
#include <utility>

#include "base/hash.h"
#include "engine/records.h"

namespace descent::engine {
namespace {

constexpr std::size_t most_variants = 4096;  // of which the shared part of the rows is kept

}  // namespace

std::vector<std::int64_t> register_points(const Plan& plan, store::Store& store,
                                          const Assigned& assigned, bool fresh) {
  std::vector<std::int64_t> point_ids, experiment_ids;
  point_ids.reserve(plan.size());
  experiment_ids.reserve(plan.experiments().size());
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    experiment_ids.push_back(
        store.register_experiment(experiment_record(plan.experiments()[e], plan.measures(e))));
    store.record(experiment_ids.back(), warning_records(plan.warnings(e)));
  }
  std::map<std::pair<std::size_t, std::uint64_t>, store::PointRecord> variants;
  for (std::uint64_t i = 0; i < plan.size(); ++i) {
    if (!assigned.contains(i)) {
      point_ids.push_back(0);
      continue;
    }
    const auto planned = plan.planned(i);
    if (variants.size() > most_variants) variants.clear();
    auto [variant, is_new] = variants.try_emplace({planned.experiment, planned.variant});
    auto& record = variant->second;
    if (is_new) {
      const auto point = plan.point(i);
      record = variant_record(planned, plan.inputs(point), plan.training(point));
      record.experiment_id = experiment_ids[planned.experiment];
    }
    record.position = planned.index;
    record.configuration = plan.configuration(i);
    record.configuration_hash = hash128(record.configuration);
    record.content_hash = plan.content_hash(i, record.configuration);
    if (const auto* one = assigned.find(i)) record.point_id = one->point_id;
    point_ids.push_back(store.add_point(record));
    if (fresh) store.forget(point_ids.back());
  }
  for (const auto id : experiment_ids) store.describe_points(id);
  // Once more: the views show the swept paths of the points, which are stored only now.
  for (const auto& experiment : plan.experiments())
    store.register_experiment(experiment_record(experiment));
  return point_ids;
}

}  // namespace descent::engine
