// SPDX-License-Identifier: MIT
#include "cli/stored_models.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/suggestion.h"
#include "engine/comparison.h"
#include "engine/point_terms.h"
#include "store/stored_points.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

// A run with a model; its loss decides which is the best.
struct Candidate {
  std::int64_t run = 0, point = 0;
  std::uint64_t replicate = 0;
  double loss = 0;
};

std::vector<Candidate> candidates(store::Reader& reader, std::int64_t experiment) {
  std::vector<Candidate> all;
  store::for_each_row(
      reader,
      "SELECT m.run_id, p.point_id, r.replicate, coalesce(r.validation_loss, r.train_loss) "
      "FROM points p JOIN models m ON m.run_id BETWEEN p.first_run AND p.last_run "
      "JOIN runs r ON r.run_id = m.run_id WHERE p.experiment_id = ? AND p.superseded_by IS NULL "
      "ORDER BY m.run_id",
      [&](const auto& row) {
        const auto* loss = std::get_if<double>(&row[3]);
        all.push_back({std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1]),
                       std::uint64_t(std::get<std::int64_t>(row[2])), loss ? *loss : INFINITY});
      },
      {experiment});
  return all;
}

std::vector<std::string> described(const std::vector<store::StoredPoint>& points) {
  std::vector<std::string> all;
  for (const auto& point : points)
    if (all.size() < 20)
      all.push_back(
          fmt::format("{} ({})", point.id, point.label.empty() ? "the only one" : point.label));
  if (points.size() > all.size())
    all.push_back(fmt::format("and {} more", points.size() - all.size()));
  return all;
}

// word: a number, a label, or words as of --baseline; "": all.
std::vector<store::StoredPoint> meant_points(const store::StoredExperiment& experiment,
                                             const std::vector<store::StoredPoint>& points,
                                             const std::string& word) {
  auto meant = points;
  const auto is_named = [&](const store::StoredPoint& point) {
    return word == std::to_string(point.id) || word == point.label;
  };
  if (word.empty()) return meant;
  if (std::ranges::any_of(points, is_named)) {
    std::erase_if(meant, [&](const auto& point) { return !is_named(point); });
    return meant;
  }
  if (word.find('=') == word.npos) return {};
  const auto terms = engine::point_terms("--point", experiment, points, {word});
  std::erase_if(meant, [&](const auto& point) { return !engine::has_terms(point, terms); });
  return meant;
}

store::StoredPoint chosen_point(const store::StoredExperiment& experiment,
                                std::vector<store::StoredPoint> points,
                                const std::vector<Candidate>& runs, const std::string& word) {
  std::erase_if(points, [&](const store::StoredPoint& point) {
    return std::ranges::count(runs, point.id, &Candidate::point) == 0;
  });
  const auto meant = meant_points(experiment, points, word);
  if (meant.size() == 1) return meant.front();
  const bool several = meant.size() > 1;
  throw Error(fmt::format(
      "--point: {}; say which with --point NUMBER or --point PATH=VALUE: {}",
      several ? "several points have models" : fmt::format("no point with a model is '{}'", word),
      fmt::join(described(several ? meant : points), ", ")));
}

std::vector<Candidate> of_replicates(std::vector<Candidate> runs, const std::string& word) {
  if (word == "all") return runs;
  if (word == "best") return {*std::ranges::min_element(runs, {}, &Candidate::loss)};
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || rest != word.data() + word.size())
    throw Error(fmt::format("--replicate: expected best, all or a number, found '{}'", word));
  std::vector<std::uint64_t> known;
  for (const auto& run : runs) known.push_back(run.replicate);
  std::erase_if(runs, [&](const Candidate& run) { return run.replicate != number; });
  if (runs.empty())
    throw Error(
        fmt::format("--replicate: no model of replicate {} is stored; there are those of {}",
                    number, fmt::join(known, ", ")));
  return runs;
}

}  // namespace

void add_model_options(po::options_description& options, const char* replicates) {
  options.add_options()("experiment",
                        po::value<std::string>()->default_value("")->value_name("NAME"),
                        "needed if the store has several")(
      "point", po::value<std::string>()->default_value("")->value_name("POINT"),
      "its point_id, or PATH=VALUE,...; needed if several points have models")(
      "replicate", po::value<std::string>()->default_value("best")->value_name("WHICH"),
      replicates);
}

std::vector<StoredModel> stored_models(store::Reader& reader, const po::variables_map& values) {
  const auto experiment = engine::find_experiment(reader, values["experiment"].as<std::string>());
  auto runs = candidates(reader, experiment.id);
  if (runs.empty())
    throw Error(fmt::format("'{}' has no models; train it with `record: {{model: best}}`",
                            experiment.name));
  const auto point = chosen_point(experiment, store::points_of(reader, experiment.id), runs,
                                  values["point"].as<std::string>());
  std::erase_if(runs, [&](const Candidate& run) { return run.point != point.id; });
  std::vector<StoredModel> models;
  for (const auto& run : of_replicates(std::move(runs), values["replicate"].as<std::string>()))
    store::for_each_row(reader, "SELECT model FROM models WHERE run_id = ?",
                        [&](const auto& row) {
                          models.push_back({point.id, point.label, run.replicate,
                                            deploy::from_text(std::get<std::string>(row[0]))});
                        },
                        {run.run});
  return models;
}

}  // namespace descent::cli
