// SPDX-License-Identifier: MIT
#include "report/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/key.h"
#include "report/text.h"
#include "store/stored_points.h"

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

// What is said of the points with a verdict; of equal phrases, the counts are added.
std::string phrase_of(const store::ContrastRow& row) {
  const auto& verdict = row.verdict;
  if (verdict == "worse" || verdict == "better" || verdict == "identical") return verdict;
  if (verdict == "not significant") return "not significantly different";
  const bool is_open = verdict == "no pairs" || verdict == "not decomposed";
  if (verdict == "fails more" || (is_open && row.not_done_a > row.not_done_b))
    return "behind with more failed runs";
  if (verdict == "no pairs" && row.not_done_a == 0) return "without runs to compare yet";
  if (verdict == "not decomposed" && row.not_done_a == 0) return "not finished";
  return "not comparable";
}

// How many of the other points have each phrase, the clearest ones first; those without a row are
// not comparable.
std::vector<std::pair<std::int64_t, std::string>> phrases(
    const std::vector<store::ContrastRow>& rows, std::size_t others) {
  std::vector<std::pair<std::int64_t, std::string>> all{
      {0, "worse"},
      {0, "behind with more failed runs"},
      {0, "not significantly different"},
      {0, "identical"},
      {0, "better"},
      {0, "without runs to compare yet"},
      {0, "not finished"},
      {std::int64_t(others - rows.size()), "not comparable"}};
  for (const auto& row : rows)
    ++std::ranges::find(all, phrase_of(row), &std::pair<std::int64_t, std::string>::second)->first;
  std::erase_if(all, [](const auto& one) { return one.first == 0; });
  return all;
}

std::string comparisons_text(const std::vector<store::ContrastRow>& rows, std::size_t others,
                             const std::string& metric) {
  if (rows.empty()) return "No other point can be compared with it replicate by replicate.";
  const auto all = phrases(rows, others);
  const auto how = fmt::format(
      " ({}95 % level, paired by replicate, p values adjusted for all comparisons by Holm's "
      "method).",
      metric.empty() ? "" : metric + ", ");
  if (others == 1) return "The other point is " + all.front().second + how;
  std::vector<std::string> parts;
  parts.reserve(all.size());
  for (const auto& [count, phrase] : all)
    parts.push_back(fmt::format("{} {} {}", count_text(count), are(count), phrase));
  return fmt::format("Of the {} other points, {}", count_text(std::int64_t(others)),
                     list_text(parts)) +
         how;
}

// The jackknife of crossed or pooled replicates is not known; their losses are.
std::string compared_text(store::Reader& reader, const Experiment& e, std::int64_t best,
                          const Sources& sources) {
  const auto others = e.grid.size() - 1;
  const auto rows = sources.compare(reader, e.name, best, e.objective);
  const auto in_blocks = [](const auto& row) { return row.verdict == "replicates in blocks"; };
  if (!std::ranges::any_of(rows, in_blocks)) return comparisons_text(rows, others, "");
  return comparisons_text(sources.compare(reader, e.name, best, "test_loss"), others,
                          "by test loss");
}

// The parts of the total, which is not what the points are ranked by when they have another loss.
std::string parts_text(store::Reader& reader, const Experiment& e, std::int64_t point) {
  std::string text;
  store::for_each_row(
      reader,
      "SELECT bias2, variance, noise, bias_includes_noise, total FROM bias_variance JOIN points "
      "USING (point_id) WHERE point_id = ? AND metric = primary_metric AND bias2 IS NOT NULL "
      "ORDER BY epoch DESC LIMIT 1",
      [&](const auto& row) {
        const bool includes_noise = row.at(3) == store::Value(std::int64_t(1));
        const auto noise = value_text(row.at(2));
        const auto metric =
            first_value(reader, "SELECT primary_metric FROM points WHERE point_id = ?", {point});
        text = fmt::format(
            "{} consists of bias² {}{}, variance {}{}.",
            e.objective == "total" ? "It"
                                   : fmt::format("Its total error ({}), {},", value_text(metric),
                                                 value_text(row.at(4))),
            value_text(row.at(0)), includes_noise ? " (which includes the noise)" : "",
            value_text(row.at(1)), noise == "–" || noise == "0" ? "" : ", noise " + noise);
      },
      {point});
  return text;
}

std::string dependence_text(store::Reader& reader, const Experiment& e) {
  const auto point = e.point_id(e.ranked.front());
  const auto layout = first_value(
      reader,
      "SELECT json_extract(configuration, '$.replicates.layout') FROM points WHERE point_id = ?",
      {point});
  if (!is_null(layout) && value_text(layout) != "single")
    return fmt::format(
        "Replicates share draws in blocks (layout: {}), so intervals over runs, as in the curves, "
        "are too narrow; those of bias and variance are not.",
        value_text(layout));
  const auto shared = store::shared_data(reader, point);
  if (shared.empty()) return "";
  return capitalized(shared) +
         ", so intervals hold for this data; for new data they are too narrow.";
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
                       parts_text(reader, e, best), dependence_text(reader, e)})};
  return {sentences({fmt::format("Least {}: {} with {}.", value_name(e), with_interval(e.best),
                                 point_label(e, best)),
                     ties_text(e.equal_to_best), parts_text(reader, e, best),
                     e.grid.size() <= most_compared ? compared_text(reader, e, best, sources) : "",
                     dependence_text(reader, e)})};
}

}  // namespace descent::report
