// SPDX-License-Identifier: MIT
#include "cli/plan_summary.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "engine/selection.h"
#include "store/reader.h"

namespace descent::cli {
namespace {

// What a store holds of a point. Small, for a store may hold millions of them.
struct StoredCounts {
  std::array<char, 32> content_hash;
  bool finished = false;
  std::uint32_t replicates = 0;   // planned then
  std::uint32_t runs = 0;         // rows; not counted when finished
  std::uint32_t accumulated = 0;  // of those: with a chunk that still has its accumulators
};

std::array<char, 32> as_key(const std::string& content_hash) {
  std::array<char, 32> key{};
  content_hash.copy(key.data(), key.size());
  return key;
}

std::uint32_t whole(const store::Value& value) {
  return std::uint32_t(std::get<std::int64_t>(value));
}

// Of the experiment of that name, by content hash.
std::vector<StoredCounts> stored_points(store::Reader& reader, const std::string& experiment) {
  auto rows = reader.query(
      "SELECT content_hash, finished, replicates, "
      "CASE WHEN finished THEN 0 ELSE (SELECT count(*) FROM runs r "
      "  WHERE r.point_id = p.point_id) END, "
      "CASE WHEN finished THEN 0 ELSE (SELECT coalesce(sum(c.count), 0) FROM chunks c "
      "  WHERE c.point_id = p.point_id) END "
      "FROM points p WHERE experiment_id = (SELECT experiment_id FROM experiments WHERE name = ?)",
      {experiment});
  std::vector<StoredCounts> stored;
  for (std::vector<store::Value> row; rows.next(row);)
    stored.push_back({as_key(std::get<std::string>(row[0])), whole(row[1]) == 1, whole(row[2]),
                      whole(row[3]), whole(row[4])});
  std::ranges::sort(stored, {}, &StoredCounts::content_hash);
  return stored;
}

// The runs of a planned point that a run would not train, as engine/point_work decides from the
// chunks themselves.
std::uint64_t kept(const engine::PlannedPoint& planned, const StoredCounts& stored) {
  const auto wanted = planned.replicates;
  if (stored.finished && stored.replicates >= wanted)
    return planned.until ? stored.replicates : wanted;
  const std::uint64_t runs = stored.finished ? stored.replicates : stored.runs;
  if (!planned.is_decomposed) return std::min(runs, wanted);
  if (planned.until) return std::min<std::uint64_t>(stored.accumulated, wanted);
  return stored.replicates == wanted ? stored.accumulated : 0;
}

// What is new of an experiment, for explain_new().
struct New {
  std::vector<std::uint64_t> points;
  std::vector<Grown> grown;
};

void add_stored(PlannedExperiment& row, const engine::PlannedPoint& planned,
                const StoredCounts& stored, New& changes) {
  const auto runs = kept(planned, stored);
  row.stored += runs;
  if (stored.finished && runs >= planned.replicates) {
    row.runs += runs - planned.replicates;
    row.most_runs -= planned.most - runs;
  } else if (runs < planned.replicates) {
    const std::uint64_t before = stored.replicates < planned.replicates ? stored.replicates : runs;
    changes.grown.push_back({before, planned.replicates});
  }
}

// Compares the points of one experiment, the first of them at `first`, with those stored.
New compare(const engine::Plan& plan, std::uint64_t first, const std::vector<StoredCounts>& stored,
            PlannedExperiment& row) {
  New changes;
  for (auto position = first; position < first + row.points; ++position) {
    const auto key = as_key(plan.content_hash(position));
    const auto found = std::ranges::lower_bound(stored, key, {}, &StoredCounts::content_hash);
    if (found != stored.end() && found->content_hash == key)
      add_stored(row, plan.planned(position), *found, changes);
    else
      changes.points.push_back(position);
  }
  return changes;
}

// Points that were chosen before by the same stages, and runs of them that are stored.
struct Chosen {
  std::uint64_t points = 0, runs = 0;
};
Chosen chosen_before(store::Reader& reader, const experiment::Experiment& experiment) {
  const auto& [select, first, replicates] = *experiment.stages();
  auto rows = reader.query(
      "SELECT count(*), coalesce(sum((SELECT count(*) FROM runs r WHERE r.point_id = "
      "s.rerun_point_id AND "
      "r.replicate < ?)), 0) FROM selections s JOIN experiments e USING (experiment_id) "
      "WHERE e.name = ? AND s.metric = ? AND s.rule = ? AND s.failures = ? AND s.chosen",
      {std::int64_t(first + replicates), experiment.name(), select.metric, select.rule,
       select.failures});
  std::vector<store::Value> row;
  rows.next(row);
  return {std::uint64_t(std::get<std::int64_t>(row.at(0))),
          std::uint64_t(std::get<std::int64_t>(row.at(1)))};
}

// The last stage of an experiment with a first stage as in `tuned`. Until that is done, as many
// points as can be chosen at most.
PlannedExperiment rerun_of(const experiment::Experiment& experiment, const PlannedExperiment& tuned,
                           std::optional<store::Reader>& reader) {
  const auto chosen =
      reader && tuned.missing() == 0 ? chosen_before(*reader, experiment) : Chosen{};
  const auto points = chosen.points > 0 ? chosen.points : engine::rerun_points(experiment);
  const auto runs = points * experiment.stages()->replicates;
  return {experiment.name() + "-rerun", points, runs, runs, std::min(runs, chosen.runs)};
}

}  // namespace

std::vector<PlannedExperiment> summarize(const engine::Plan& plan, const std::string& database,
                                         bool explain) {
  std::optional<store::Reader> reader;
  // A plan that no run takes is not stored; comparing it could take hours.
  std::error_code unclear;  // then opening it says what is wrong
  if ((std::filesystem::exists(database, unclear) || unclear) && plan.too_large().empty())
    reader = store::Reader::open(database);
  std::vector<PlannedExperiment> rows;
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    const auto& experiment = plan.experiments()[e];
    PlannedExperiment row{
        experiment.name(),    experiment.size(),    plan.runs(e), plan.most_runs(e), 0,
        experiment.failing(), experiment.repeated()};
    const auto stored = reader ? stored_points(*reader, row.name) : std::vector<StoredCounts>();
    if (!stored.empty()) {
      const auto changes = compare(plan, plan.first(e), stored, row);
      if (explain)
        row.why_new = explain_new(plan, *reader, row.name, changes.points, changes.grown);
    } else if (explain) {
      row.why_new = {{row.points, {}, {}, "no results of this experiment are stored"}};
    }
    rows.push_back(std::move(row));
    if (experiment.stages()) rows.push_back(rerun_of(experiment, rows.back(), reader));
  }
  return rows;
}

}  // namespace descent::cli
