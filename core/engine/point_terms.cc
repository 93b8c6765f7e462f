// SPDX-License-Identifier: MIT
#include "engine/point_terms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/error.h"
#include "base/number.h"
#include "base/suggestion.h"

namespace descent::engine {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t most_listed = 12;

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

std::string key_to_path(const std::string& option, const std::string& key,
                        const store::StoredExperiment& experiment) {
  const auto& swept = experiment.swept;
  if (std::ranges::find(swept, key) != swept.end()) return key;
  Texts ends;
  for (const auto& path : swept)
    if (path.ends_with("." + key)) ends.push_back(path);
  if (ends.size() == 1) return ends.front();
  if (ends.size() > 1)
    throw Error(fmt::format("{}: '{}' may be any of {}; write one in full", option, key,
                            fmt::join(ends, ", ")));
  throw Error(fmt::format("{}: '{}' is not swept in '{}'{}", option, key, experiment.name,
                          nearest(key, swept, "swept")));
}

std::string value_named(const std::string& option, const std::string& word, const std::string& path,
                        const std::vector<store::StoredPoint>& points) {
  Texts valid;
  std::set<std::string> seen;
  for (const auto& point : points) {
    const auto* found = find_value(point, path);
    auto text = value_text(point, path);
    if (!seen.insert(text).second) continue;
    if (found ? means(word, *found) : word == text) return text;
    valid.push_back(text);
  }
  throw Error(fmt::format("{}: {} has no value '{}'{}", option, path, word,
                          nearest(word, valid, "values")));
}

// "a=1,b=2" in terms; spaces around them do not count. A comma before what is no term is one of the
// value.
Texts split(const std::string& words) {
  Texts terms;
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    const auto part = words.substr(at, end - at);
    if (!terms.empty() && part.find('=') == part.npos)
      terms.back() += ',' + part;
    else
      terms.push_back(part);
    at = end + 1;
  }
  for (auto& term : terms) {
    term.erase(0, term.find_first_not_of(' '));
    term.erase(term.find_last_not_of(' ') + 1);
  }
  return terms;
}

}  // namespace

std::string listed(const std::vector<std::string>& all) {
  const auto shown = std::span(all).first(std::min(all.size(), most_listed));
  return fmt::format("{}{}", fmt::join(shown, ", "), all.size() > shown.size() ? ", ..." : "");
}

const store::Value* find_value(const store::StoredPoint& point, const std::string& path) {
  const auto found = point.parameters.find(path);
  return found == point.parameters.end() ? nullptr : &found->second;
}

std::string value_text(const store::StoredPoint& point, const std::string& path) {
  const auto* value = find_value(point, path);
  return value && !std::holds_alternative<std::monostate>(*value) ? store::text_of(*value) : "null";
}

std::vector<PointTerm> point_terms(const std::string& option,
                                   const store::StoredExperiment& experiment,
                                   const std::vector<store::StoredPoint>& points,
                                   const std::vector<std::string>& words) {
  std::vector<PointTerm> terms;
  for (const auto& word : words)
    for (const auto& term : split(word)) {
      const auto equals = term.find('=');
      if (equals == term.npos)
        throw Error(fmt::format("{}: expected key=value, found '{}'; swept: {}", option, term,
                                fmt::join(experiment.swept, ", ")));
      const auto path = key_to_path(option, term.substr(0, equals), experiment);
      const auto value = value_named(option, term.substr(equals + 1), path, points);
      if (std::ranges::find(terms, path, &PointTerm::path) != terms.end())
        throw Error(fmt::format("{}: {} is given twice", option, path));
      terms.push_back({path, value});
    }
  return terms;
}

bool has_terms(const store::StoredPoint& point, const std::vector<PointTerm>& terms) {
  return std::ranges::all_of(
      terms, [&](const PointTerm& term) { return value_text(point, term.path) == term.value; });
}

}  // namespace descent::engine
