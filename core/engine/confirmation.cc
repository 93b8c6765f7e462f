// SPDX-License-Identifier: MIT
#include "engine/confirmation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "engine/comparison.h"
#include "engine/plan.h"

namespace descent::engine {
namespace {

experiment::Experiment two_points(const store::StoredExperiment& of,
                                  const std::vector<nlohmann::json>& configurations,
                                  const host::Catalog& catalog) {
  const auto text =
      experiment::file_of(confirmation_name(of.name),
                          fmt::format("a point of '{}' and its baseline, on replicates not seen "
                                      "before",
                                      of.name),
                          configurations, catalog);
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

}  // namespace

std::string confirmation_name(const std::string& experiment) { return experiment + "-confirm"; }

std::uint64_t first_unused_replicate(const std::vector<store::StoredPoint>& points) {
  std::uint64_t fresh = 0;
  for (const auto& point : points) {
    const auto first = point.parameters.find("replicates.first");
    const auto* number =
        first == point.parameters.end() ? nullptr : std::get_if<std::int64_t>(&first->second);
    fresh = std::max(fresh, std::uint64_t(number ? *number : 0) + point.replicates);
  }
  return fresh;
}

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

std::vector<store::ContrastRow> confirmed(store::Reader& reader, const store::StoredExperiment& of,
                                          std::int64_t a, std::int64_t b,
                                          const std::vector<std::string>& metrics, double level) {
  const auto points =
      store::points_of(reader, find_experiment(reader, confirmation_name(of.name)).id);
  const auto at = [&](std::int64_t id) -> const store::StoredPoint& {
    return *std::ranges::find(points, id, &store::StoredPoint::id);
  };
  std::vector<store::ContrastRow> rows;
  for (const auto& metric : metrics) {
    rows.push_back(contrast(reader, at(a), at(b), metric, level));
    rows.back().fresh_replicates = at(a).replicates;
  }
  judge(rows, level);
  return rows;
}

}  // namespace descent::engine
