// SPDX-License-Identifier: MIT
#include "engine/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/build.h"
#include "base/error.h"
#include "base/hash.h"

namespace descent {
namespace {

std::string source_key(const Point& point, TargetKind kind) {
  const auto& settings = point.settings;
  const auto* csv =
      std::get_if<CsvSpec>(&settings.data);  // paths as resolved: files may share names
  return fmt::format("{}|{}|{}|{}|{}|{}", point.configuration.at("data").dump(), int(kind),
                     int(settings.replicates.resample), settings.seed, csv ? csv->path : "",
                     csv ? csv->test_path : "");
}

}  // namespace

Plan::Plan(const std::vector<Experiment>& experiments, const Catalog& catalog)
    : experiments_(experiments), catalog_(catalog) {
  std::vector<Problem> problems;
  for (std::size_t e = 0; e < experiments.size(); ++e)
    for (std::uint64_t i = 0; i < experiments[e].size(); ++i) add(e, i, problems);
  if (!problems.empty()) throw Error(std::move(problems));
}

// Different points often have the same problem: it is told once.
void Plan::add(std::size_t experiment, std::uint64_t index, std::vector<Problem>& problems) {
  const auto point = experiments_[experiment].point(index);
  try {
    const auto kind = target_kind(catalog_.get(DESCENT_LOSS, point.settings.loss.plugin.name),
                                  point.settings.data);
    auto& shared = sources_[source_key(point, kind)];
    if (!shared)
      shared = std::make_shared<Source>(point.settings.data, kind,
                                        point.settings.replicates.resample, point.settings.seed);
    training(point);
    points_.push_back({experiment, index, content_hash(point), point.settings.replicates.count,
                       point.settings.train.timeout_seconds});
  } catch (const Error& error) {
    for (auto problem : error.problems()) {
      if (problem.place.file.empty()) problem.place.file = experiments_[experiment].file();
      if (std::find(problems.begin(), problems.end(), problem) == problems.end())
        problems.push_back(problem);
    }
  }
}

std::uint64_t Plan::runs() const {
  std::uint64_t runs = 0;
  for (const auto& point : points_) runs += point.replicates;
  return runs;
}

Point Plan::point(std::size_t position) const {
  const auto& planned = points_.at(position);
  return experiments_[planned.experiment].point(planned.index);
}

Training Plan::training(const Point& point) const {
  return {point.settings, source(point), catalog_};
}

std::shared_ptr<const Source> Plan::source(const Point& point) const {
  const auto kind =
      target_kind(catalog_.get(DESCENT_LOSS, point.settings.loss.plugin.name), point.settings.data);
  return sources_.at(source_key(point, kind));
}

std::string Plan::content_hash(const Point& point) {
  const auto& settings = point.settings;
  std::string content = build_id() + point.configuration.dump();
  content += catalog_.get(DESCENT_LOSS, settings.loss.plugin.name).hash();
  content += catalog_.get(DESCENT_OPTIMIZER, settings.optimizer.name).hash();
  for (const auto& regularizer : settings.regularizers)
    content += catalog_.get(DESCENT_REGULARIZER, regularizer.plugin.name).hash();
  if (const auto* csv = std::get_if<CsvSpec>(&settings.data)) {
    content += file_hash(csv->path);
    if (!csv->test_path.empty()) content += file_hash(csv->test_path);
  }
  return hash128(content);
}

const std::string& Plan::file_hash(const std::string& path) {
  auto& hash = file_hashes_[path];
  if (hash.empty()) hash = hash128_of_file(path);
  return hash;
}

}  // namespace descent
