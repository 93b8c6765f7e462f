// SPDX-License-Identifier: MIT
#include "engine/baseline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"

namespace descent::engine {
namespace {

using Texts = std::vector<std::string>;

bool agree(const store::StoredPoint& a, const store::StoredPoint& b, const std::string& path) {
  const auto *x = find_value(a, path), *y = find_value(b, path);
  return x && y ? store::text_of(*x) == store::text_of(*y) : x == y;
}

}  // namespace

Baseline::Baseline(const store::StoredExperiment& experiment,
                   const std::vector<store::StoredPoint>& points,
                   const std::vector<std::string>& words)
    : experiment_(experiment) {
  if (experiment.swept.empty() || points.size() < 2)
    throw Error(
        fmt::format("'{}' has one configuration, so there is nothing to compare it with; "
                    "make a value an axis, as in --set 'optimizer={{grid: [sgd, adam]}}'",
                    experiment.name));
  terms_ = point_terms("--baseline", experiment, points, words);
  std::ranges::sort(terms_, {}, [&](const auto& term) {
    return std::ranges::find(experiment.swept, term.path) - experiment.swept.begin();
  });
  const auto is_below = [](const std::string& path, const PointTerm& term) {
    return path.starts_with(term.path + ".");
  };
  for (const auto& path : experiment.swept) {
    if (std::ranges::find(terms_, path, &PointTerm::path) != terms_.end()) continue;
    const bool below =
        std::ranges::any_of(terms_, [&](auto& term) { return is_below(path, term); });
    (below ? below_ : shared_).push_back(path);
  }
  for (const auto& point : points)
    if (is_baseline(point)) baselines_[shared_values(point)].push_back(&point);
  if (baselines_.empty())
    throw Error(fmt::format("--baseline: no point of '{}' has {}", experiment.name, text()));
}

std::string Baseline::text() const {
  Texts all;
  for (const auto& term : terms_) all.push_back(term.path + "=" + term.value);
  return fmt::format("{}", fmt::join(all, ", "));
}

bool Baseline::is_baseline(const store::StoredPoint& point) const {
  return has_terms(point, terms_);
}

std::string Baseline::shared_values(const store::StoredPoint& point) const {
  std::string all;
  for (const auto& path : shared_) {
    const auto* value = find_value(point, path);
    all += (value ? "=" + store::text_of(*value) : "") + '\n';
  }
  return all;
}

std::optional<Baseline::Match> Baseline::match(const store::StoredPoint& point) const {
  if (is_baseline(point)) return {};
  const auto same = baselines_.find(shared_values(point));
  if (same == baselines_.end()) return Match{nullptr, why_none(point)};
  auto found = same->second;
  if (found.size() == 1) return Match{found.front(), ""};
  std::vector<const store::StoredPoint*> closer;
  std::ranges::copy_if(found, std::back_inserter(closer), [&](const store::StoredPoint* candidate) {
    return std::ranges::all_of(below_, [&](auto& path) {
      return !find_value(point, path) || agree(point, *candidate, path);
    });
  });
  if (!closer.empty()) found = closer;
  if (found.size() == 1) return Match{found.front(), ""};
  throw Error(which_one(point, found));
}

std::string Baseline::why_none(const store::StoredPoint& point) const {
  Texts fewest = shared_;  // in which the nearest baseline point differs
  for (const auto& [values, candidates] : baselines_) {
    Texts paths;
    for (const auto& path : shared_)
      if (!agree(point, *candidates.front(), path)) paths.push_back(path);
    if (paths.size() < fewest.size()) fewest = paths;
  }
  const auto paths = fmt::format("{}", fmt::join(fewest, " and "));
  return fmt::format("no baseline point agrees with it in {0}; name {0} in --baseline, too", paths);
}

std::string Baseline::which_one(const store::StoredPoint& point,
                                const std::vector<const store::StoredPoint*>& found) const {
  Texts matches;
  for (const auto* candidate : found)
    matches.push_back("(" + store::text_of(*candidate, experiment_.swept) + ")");
  const auto open = std::ranges::find_if(below_, [&](const std::string& path) {
    return std::ranges::any_of(found, [&](auto* one) { return !agree(*one, *found[0], path); });
  });
  const auto match = fmt::format("--baseline '{}': {} points match ({}): {}", text(), found.size(),
                                 store::text_of(point, experiment_.swept), listed(matches));
  if (open == below_.end())
    return match +
           "; no swept value tells them apart: make what differs an axis, or run it as "
           "another experiment";
  return fmt::format("{}; say which, as in --baseline '{}, {}={}'", match, text(), *open,
                     value_text(*found.front(), *open));
}

}  // namespace descent::engine
