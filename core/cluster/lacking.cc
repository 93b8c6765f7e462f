// SPDX-License-Identifier: MIT
#include "cluster/lacking.h"

#include <algorithm>
#include <optional>

#include "cluster/share.h"
#include "cluster/slurm.h"
#include "engine/estimate_time.h"
#include "engine/reruns.h"
#include "store/reader.h"

namespace descent::cluster {
namespace {

// As far as it is known from runs; else 0.
double seconds_per_epoch(store::Reader& reader, const std::string& experiment) {
  auto rows = reader.query(
      "SELECT sum(train_seconds) / sum(epochs) FROM (SELECT train_seconds, epochs FROM runs JOIN "
      "points USING (point_id) JOIN experiments USING (experiment_id) WHERE name = ? AND status = "
      "'done' LIMIT 10000)",
      {experiment});
  std::vector<store::Value> row;
  if (!rows.next(row)) return 0;
  const auto* value = std::get_if<double>(&row[0]);
  return value ? *value : 0;
}

void measure(Lacking& lacking, const engine::Plan& plan, const std::string& out, bool by_time) {
  auto reader = store::Reader::open(out);
  std::optional<double> tried;
  for (const auto& experiment : plan.experiments()) {
    auto seconds = by_time ? seconds_per_epoch(reader, experiment.name()) : 1;
    if (!(seconds > 0)) {
      if (!tried) tried = engine::time_per_run(plan).seconds;
      seconds = *tried / double(plan.longest(lacking.seconds_per_epoch.size()));
    }
    lacking.seconds_per_epoch.push_back(seconds);
  }
  for (const auto& one : lacking.assignments) {
    const auto planned = plan.planned(one.position);
    lacking.epochs.push_back(one.epochs > 0 ? one.epochs : planned.epochs);
    lacking.experiments.push_back(planned.experiment);
    lacking.divisible.push_back(!planned.until);
  }
}

}  // namespace

Lacking find_lacking(Job& job) {
  const auto& settings = job.state.settings;
  const Workplace place(job);
  const engine::Plan plan(place.experiments, place.catalog);
  auto store = store::Store::open(settings.out);
  const engine::RunOptions options{1, false, false, 600, {}};
  engine::Runner tuned(plan, store, options);
  Lacking lacking;
  lacking.assignments = tuned.lacking();
  job.state.planned = tuned.planned();
  if (!lacking.assignments.empty()) {
    measure(lacking, plan, settings.out, settings.shares == 0);
    return lacking;
  }
  const auto reruns =
      engine::prepare_reruns(plan, tuned.point_ids(), place.catalog, store, options);
  if (!reruns.runner) return lacking;
  lacking.is_rerun = true;
  lacking.chosen.resize(plan.experiments().size());
  for (const auto& one : reruns.selections) lacking.chosen[one.experiment] = one.chosen;
  lacking.assignments = reruns.runner->lacking();
  job.state.planned += reruns.runner->planned();
  if (!lacking.assignments.empty())
    measure(lacking, *reruns.plan, settings.out, settings.shares == 0);
  return lacking;
}

double Lacking::seconds() const {
  double sum = 0;
  for (std::size_t i = 0; i < assignments.size(); ++i)
    sum += seconds_per_epoch[experiments[i]] * double(epochs[i]) * double(assignments[i].runs());
  return sum;
}

std::vector<Share> shares_of(const Job& job, const Lacking& lacking, unsigned processors) {
  const auto& settings = job.state.settings;
  const auto at = [&](const engine::Assignment& one) {
    return std::size_t(std::ranges::lower_bound(lacking.assignments, one.position, {},
                                                &engine::Assignment::position) -
                       lacking.assignments.begin());
  };
  CutOptions options;
  options.seconds_per_run = [&](const engine::Assignment& one) {
    const auto i = at(one);
    return lacking.seconds_per_epoch[lacking.experiments[i]] * double(lacking.epochs[i]);
  };
  options.is_divisible = [&](const engine::Assignment& one) { return lacking.divisible[at(one)]; };
  options.share_seconds = settings.share_seconds * (settings.cpus > 0 ? settings.cpus : processors);
  options.shares = settings.shares;
  options.most = most_shares(settings.by_hand);
  return cut(lacking.assignments, options);
}

}  // namespace descent::cluster
