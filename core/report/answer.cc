// SPDX-License-Identifier: MIT
#include "report/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t most_compared = 400;  // each takes all its runs
constexpr std::size_t most_labelled = 20000;

std::string value_name(const Experiment& e) {
  return e.objective == "total" ? fmt::format("total error ({})", e.metric) : e.objective_text();
}

bool is_null(const store::Value& value) { return std::holds_alternative<std::monostate>(value); }

std::string with_interval(const Score& best) {
  auto text = value_text(best.mean);
  if (!is_null(best.lo)) text += fmt::format(" [{}, {}]", value_text(best.lo), value_text(best.hi));
  return text;
}

std::string are(std::int64_t count) { return count == 1 ? "is" : "are"; }

std::string ties_text(std::int64_t equal) {
  if (equal == 0) return "";
  return fmt::format("{} {} equal to it.", counted(equal, "other point"), are(equal));
}

// How many of the other points have each verdict; those without a difference are not comparable.
std::vector<std::pair<std::int64_t, std::string>> verdicts(
    const std::vector<store::ContrastRow>& rows, std::size_t others) {
  std::vector<std::pair<std::int64_t, std::string>> all;
  auto rest = std::int64_t(others);
  for (const std::string verdict : {"worse", "not significant", "identical", "better"}) {
    const auto count = std::ranges::count(rows, verdict, &store::ContrastRow::verdict);
    if (count > 0)
      all.emplace_back(count,
                       verdict == "not significant" ? "not significantly different" : verdict);
    rest -= count;
  }
  if (rest > 0) all.emplace_back(rest, "not comparable");
  return all;
}

std::string comparisons_text(const std::vector<store::ContrastRow>& rows, std::size_t others) {
  if (rows.empty()) return "No other point can be compared with it replicate by replicate.";
  const auto all = verdicts(rows, others);
  const std::string how =
      " (95 % level, paired by replicate, p values adjusted for all comparisons by Holm's method).";
  if (others == 1) return "The other point is " + all.front().second + how;
  std::vector<std::string> parts;
  parts.reserve(all.size());
  for (const auto& [count, verdict] : all)
    parts.push_back(fmt::format("{} {} {}", count_text(count), are(count), verdict));
  return fmt::format("Of the {} other points, {}", count_text(std::int64_t(others)),
                     list_text(parts)) +
         how;
}

std::string parts_text(store::Reader& reader, std::int64_t point) {
  std::string text;
  store::for_each_row(
      reader,
      "SELECT bias2, variance, noise, bias_includes_noise FROM bias_variance JOIN points USING "
      "(point_id) WHERE point_id = ? AND metric = primary_metric AND bias2 IS NOT NULL "
      "ORDER BY epoch DESC LIMIT 1",
      [&](const auto& row) {
        const bool includes_noise = row.at(3) == store::Value(std::int64_t(1));
        const auto noise = value_text(row.at(2));
        text =
            fmt::format("It consists of bias² {}{}, variance {}{}.", value_text(row.at(0)),
                        includes_noise ? " (which includes the noise)" : "", value_text(row.at(1)),
                        noise == "–" || noise == "0" ? "" : ", noise " + noise);
      },
      {point});
  return text;
}

std::string point_label(const Experiment& e, std::int64_t point) {
  if (e.grid.size() > most_labelled) return "point " + std::to_string(point);
  Points all(e.grid.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return point_names(e, all).at(std::to_string(point));
}

}  // namespace

Answer answer(store::Reader& reader, const Experiment& e, const Sources& sources) {
  if (e.runs == 0 || e.ranked.empty()) return {"No run is stored yet.", true};
  const auto best = e.point_id(e.ranked.front());
  if (is_null(e.best.mean))
    return {is_null(e.best.mean_done)
                ? "No run has a result."
                : fmt::format("No point has all of its runs done. Over the runs that are done, the "
                              "best point has a {} of {}.",
                              value_name(e), value_text(e.best.mean_done)),
            true};
  if (e.grid.size() == 1)
    return {sentences({fmt::format("{} {} over {}.", capitalized(value_name(e)),
                                   with_interval(e.best), counted(e.best.runs, "run")),
                       parts_text(reader, best)})};
  return {sentences(
      {fmt::format("Least {}: {} with {}.", value_name(e), with_interval(e.best),
                   point_label(e, best)),
       ties_text(e.equal_to_best), parts_text(reader, best),
       e.grid.size() <= most_compared
           ? comparisons_text(sources.compare(reader, e.name, best, e.objective), e.grid.size() - 1)
           : ""})};
}

}  // namespace descent::report
