// SPDX-License-Identifier: MIT
#include "engine/baseline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/number.h"
#include "base/suggestion.h"

namespace descent::engine {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t most_listed = 12;

// The word for a path that a point does not have, as in YAML and in tables.
constexpr const char* not_set = "null";

const store::Value* find(const store::StoredPoint& point, const std::string& path) {
  const auto found = point.parameters.find(path);
  return found == point.parameters.end() ? nullptr : &found->second;
}

bool agree(const store::StoredPoint& a, const store::StoredPoint& b, const std::string& path) {
  const auto *x = find(a, path), *y = find(b, path);
  return x && y ? store::text_of(*x) == store::text_of(*y) : x == y;
}

std::string written(const store::Value& value) {
  return std::holds_alternative<std::monostate>(value) ? not_set : store::text_of(value);
}

std::string listed(const Texts& all) {
  const auto shown = std::span(all).first(std::min(all.size(), most_listed));
  return fmt::format("{}{}", fmt::join(shown, ", "), all.size() > shown.size() ? ", ..." : "");
}

// "; did you mean 'adam'? (values: sgd, adam)" or " (values: sgd, adam)".
std::string nearest(const std::string& word, const Texts& candidates, const char* what) {
  const auto name = suggestion(word, candidates);
  return fmt::format("{} ({}: {})", name ? fmt::format("; did you mean '{}'?", *name) : "", what,
                     listed(candidates));
}

// Numbers are compared as numbers: 1e-2 is 0.01.
bool means(const std::string& word, const store::Value& value) {
  if (word == store::text_of(value)) return true;
  if (const auto* real = std::get_if<double>(&value)) return number_of(word) == *real;
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole && whole_digits(word) == std::to_string(*whole);
}

std::string key_to_path(const std::string& key, const store::StoredExperiment& experiment) {
  const auto& swept = experiment.swept;
  if (std::ranges::find(swept, key) != swept.end()) return key;
  Texts ends;
  for (const auto& path : swept)
    if (path.ends_with("." + key)) ends.push_back(path);
  if (ends.size() == 1) return ends.front();
  if (ends.size() > 1)
    throw Error(fmt::format("--baseline: '{}' may be any of {}; write one in full", key,
                            fmt::join(ends, ", ")));
  throw Error(fmt::format("--baseline: '{}' is not swept in '{}'{}", key, experiment.name,
                          nearest(key, swept, "swept")));
}

store::Value value_named(const std::string& word, const std::string& path,
                         const std::vector<store::StoredPoint>& points) {
  Texts valid;
  std::set<std::string> seen;
  for (const auto& point : points) {
    const auto* found = find(point, path);
    auto value = found ? *found : store::Value();
    if (!seen.insert(written(value)).second) continue;
    if (found ? means(word, value) : word == not_set) return value;
    valid.push_back(written(value));
  }
  throw Error(fmt::format("--baseline: {} has no value '{}'{}", path, word,
                          nearest(word, valid, "values")));
}

// "a=1,b=2" in terms; spaces around them do not count.
Texts split(const std::string& words) {
  Texts terms;
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    auto term = words.substr(at, end - at);
    term.erase(0, term.find_first_not_of(' '));
    term.erase(term.find_last_not_of(' ') + 1);
    terms.push_back(term);
    at = end + 1;
  }
  return terms;
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
  for (const auto& word : words)
    for (const auto& term : split(word)) {
      const auto equals = term.find('=');
      if (equals == term.npos)
        throw Error(fmt::format("--baseline: expected key=value, found '{}'; swept: {}", term,
                                fmt::join(experiment.swept, ", ")));
      const auto path = key_to_path(term.substr(0, equals), experiment);
      const auto value = value_named(term.substr(equals + 1), path, points);
      if (std::ranges::find(terms_, path, &BaselineTerm::path) != terms_.end())
        throw Error(fmt::format("--baseline: {} is given twice", path));
      terms_.push_back({path, value});
    }
  std::ranges::sort(terms_, {}, [&](const auto& term) {
    return std::ranges::find(experiment.swept, term.path) - experiment.swept.begin();
  });
  const auto is_below = [](const std::string& path, const BaselineTerm& term) {
    return path.starts_with(term.path + ".");
  };
  for (const auto& path : experiment.swept) {
    if (std::ranges::find(terms_, path, &BaselineTerm::path) != terms_.end()) continue;
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
  for (const auto& term : terms_) all.push_back(term.path + "=" + written(term.value));
  return fmt::format("{}", fmt::join(all, ", "));
}

bool Baseline::is_baseline(const store::StoredPoint& point) const {
  return std::ranges::all_of(terms_, [&](const BaselineTerm& term) {
    const auto* value = find(point, term.path);
    return written(value ? *value : store::Value()) == written(term.value);
  });
}

std::string Baseline::shared_values(const store::StoredPoint& point) const {
  std::string all;
  for (const auto& path : shared_) {
    const auto* value = find(point, path);
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
    return std::ranges::all_of(
        below_, [&](auto& path) { return !find(point, path) || agree(point, *candidate, path); });
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
  const auto* value = find(*found.front(), *open);
  return fmt::format("{}; say which, as in --baseline '{}, {}={}'", match, text(), *open,
                     written(value ? *value : store::Value()));
}

}  // namespace descent::engine
