// SPDX-License-Identifier: MIT
#include "engine/confirmation.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "engine/comparison.h"
#include "engine/plan.h"

namespace descent::engine {
namespace {

std::string description_of(const store::StoredExperiment& of) {
  return fmt::format("a point of '{}' and its baseline, on new replicates", of.name);
}

// Somebody's experiment may have the name; confirmations would change its points and its view.
void check_name_is_free(store::Reader& reader, const store::StoredExperiment& of) {
  const auto name = confirmation_name(of.name);
  store::for_each_row(reader, "SELECT file FROM experiments WHERE name = ? AND description <> ?",
                      [&](const auto& row) {
                        throw Error(fmt::format(
                            "--confirm stores its runs as '{}', which is the name of the "
                            "experiment of {} in this store; rename that, or use another store",
                            name, store::text_of(row[0])));
                      },
                      {name, description_of(of)});
}

experiment::Experiment two_points(const store::StoredExperiment& of,
                                  const std::vector<nlohmann::json>& configurations,
                                  const host::Catalog& catalog) {
  const auto text =
      experiment::file_of(confirmation_name(of.name), description_of(of), configurations, catalog);
  return experiment::Experiment::parse(of.file, text, {}, catalog);
}

// The content hash shows whether this build, its plugins and data would train the stored points.
void check_unchanged(const experiment::Experiment& experiment, const store::StoredExperiment& of,
                     const std::vector<const store::StoredPoint*>& points,
                     const host::Catalog& catalog) {
  const std::vector<experiment::Experiment> experiments{experiment};
  const Plan plan(experiments, catalog);
  for (std::size_t i = 0; i < points.size(); ++i)
    if (plan.content_hash(i) != points[i]->content_hash)
      throw Error(
          fmt::format("point {} of '{}' was trained by another build of descent, or its "
                      "plugins or data have changed since; `descent run {}` trains it again",
                      points[i]->id, of.name, of.file));
}

std::vector<store::StoredPoint> confirmation_points(store::Reader& reader,
                                                    const store::StoredExperiment& of) {
  const auto all = store::experiments_in(reader);
  const auto found =
      std::ranges::find(all, confirmation_name(of.name), &store::StoredExperiment::name);
  return found == all.end() ? std::vector<store::StoredPoint>{}
                            : store::points_of(reader, found->id);
}

// The first replicates of confirmations that are not finished.
std::set<std::uint64_t> interrupted_replicates(store::Reader& reader,
                                               const store::StoredExperiment& of) {
  std::set<std::uint64_t> firsts;
  for (const auto& point : confirmation_points(reader, of))
    if (const auto first = point.parameters.find("replicates.first");
        !point.finished && first != point.parameters.end())
      if (const auto* number = std::get_if<std::int64_t>(&first->second))
        firsts.insert(std::uint64_t(*number));
  return firsts;
}

// Whether the store has the points of an experiment, of as many replicates.
bool is_stored(store::Reader& reader, const experiment::Experiment& experiment,
               const store::StoredExperiment& of, const host::Catalog& catalog) {
  const std::vector<experiment::Experiment> experiments{experiment};
  const Plan plan(experiments, catalog);
  const auto points = confirmation_points(reader, of);
  for (std::uint64_t i = 0; i < plan.size(); ++i) {
    const auto found =
        std::ranges::find(points, plan.content_hash(i), &store::StoredPoint::content_hash);
    if (found == points.end() || found->replicates != plan.planned(i).replicates) return false;
  }
  return true;
}

}  // namespace

std::string confirmation_name(const std::string& experiment) { return experiment + "-confirm"; }

experiment::Experiment confirmation(const store::StoredExperiment& of, const store::StoredPoint& a,
                                    const store::StoredPoint& b, std::uint64_t first,
                                    std::uint64_t count, const host::Catalog& catalog) {
  std::vector<nlohmann::json> configurations;
  for (const auto* point : {&a, &b}) {
    configurations.push_back(nlohmann::json::parse(point->configuration));
    configurations.back()["replicates"]["count"] = point->replicates;
  }
  check_unchanged(two_points(of, configurations, catalog), of, {&a, &b}, catalog);
  for (auto& configuration : configurations) {
    auto& replicates = configuration["replicates"];
    const auto block = std::max(replicates.value("seeds", std::uint64_t{1}),
                                replicates.value("parts", std::uint64_t{1}));
    replicates["first"] = (first + block - 1) / block * block;
    replicates["count"] = count;
    replicates.erase("until");
    replicates.erase("max");
  }
  return two_points(of, configurations, catalog);
}

experiment::Experiment next_confirmation(store::Reader& reader, const store::StoredExperiment& of,
                                         const store::StoredPoint& a, const store::StoredPoint& b,
                                         std::uint64_t count, const host::Catalog& catalog) {
  check_name_is_free(reader, of);
  for (const auto first : interrupted_replicates(reader, of)) {
    auto again = confirmation(of, a, b, first, count, catalog);
    if (is_stored(reader, again, of, catalog)) return again;
  }
  return confirmation(of, a, b, store::first_unused_replicate(reader), count, catalog);
}

std::vector<store::ContrastRow> confirmed(store::Reader& reader, const store::StoredExperiment& of,
                                          std::int64_t a, std::int64_t b,
                                          const std::vector<std::string>& metrics,
                                          const ContrastOptions& options) {
  const auto points =
      store::points_of(reader, find_experiment(reader, confirmation_name(of.name)).id);
  const auto at = [&](std::int64_t id) -> const store::StoredPoint& {
    return *std::ranges::find(points, id, &store::StoredPoint::id);
  };
  std::vector<store::ContrastRow> rows;
  for (const auto& metric : metrics) {
    rows.push_back(contrast(reader, at(a), at(b), metric, options));
    rows.back().fresh_replicates = at(a).replicates;
  }
  judge(rows, options);
  return rows;
}

}  // namespace descent::engine
