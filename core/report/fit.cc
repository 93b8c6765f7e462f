// SPDX-License-Identifier: MIT
// What models of one input learned: a training set, the truth, and what all replicates predict.
#include <fmt/format.h>

#include <algorithm>

#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t most_fits = 4;  // pictures of a figure
constexpr const char* of_lines = "replicates";

bool is_in(const char* table, store::Reader& reader, std::int64_t point) {
  return first_integer(reader,
                       fmt::format("SELECT EXISTS (SELECT 1 FROM {} WHERE point_id = ?)", table),
                       {point}) == 1;
}

// A few points that are all there is, or the best one and the ends of the axis through it.
Points shown_points(const Experiment& e) {
  if (e.ranked.size() <= most_fits) return e.ranked;
  Points shown{e.ranked.front()};
  auto x = line_axis(e.grid, e.axes);
  if (!x || e.axes.is_drawn) return shown;
  const auto classes = e.grid.classes(without(e.grid.varied(), *x));
  Points along;
  for (std::size_t i = 0; i < e.grid.size(); ++i)
    if (classes[i] == classes[shown.front()]) along.push_back(i);
  const auto& codes = e.grid.paths()[*x].codes;
  const auto [first, last] =
      std::ranges::minmax_element(along, {}, [&](auto i) { return codes[i]; });
  for (const auto i : {*first, *last})
    if (std::ranges::count(shown, i) == 0) shown.push_back(i);
  return shown;
}

std::string fit_sql(std::int64_t point, bool has_lines) {
  const auto last = fmt::format(
      "WHERE point_id = {0} AND epoch = (SELECT max(epoch) FROM fits WHERE point_id = {0})", point);
  // First, so that the others are drawn over them.
  const auto lines = fmt::format(
      "SELECT x, '{}' AS series, replicate AS part, y, NULL AS y_lo, NULL AS y_hi\n"
      "FROM replicate_fits WHERE point_id = {}\nUNION ALL\n",
      of_lines, point);
  return fmt::format(
      "{1}SELECT x, 'truth' AS series, NULL AS part, truth AS y, NULL AS y_lo, NULL AS y_hi\n"
      "FROM fits {0} AND truth IS NOT NULL\n"
      "UNION ALL\n"
      "SELECT x, 'mean fit', NULL, mean, mean - 1.96 * sd, mean + 1.96 * sd\nFROM fits {0}\n"
      "UNION ALL\n"
      "SELECT x, 'data', NULL, y, NULL, NULL FROM samples\n"
      "WHERE point_id = {2} AND replicate = (SELECT min(replicate) FROM samples WHERE point_id = "
      "{2})",
      last, has_lines ? lines : "", point);
}

Picture fit_of(store::Reader& reader, const Experiment& e, std::size_t i,
               const std::string& label) {
  const auto point = e.point_id(i);
  const bool has_lines = is_in("replicate_fits", reader, point);
  Picture p;
  p.title = "Data and fit";
  p.view = label;
  p.mark = "line";
  p.band = true;
  p.x = {"x", false, {}};
  p.y = {"y", false, {}};
  p.modes = {{"data", "points"}};
  if (has_lines) p.modes[of_lines] = "thin";
  p.sql = fit_sql(point, has_lines);
  const auto lost = first_integer(
      reader, "SELECT count(*) FROM runs WHERE point_id = ? AND status <> 'done'", {point});
  p.note = sentences(
      {e.grid.size() > 1 ? "Of " + label + "." : "",
       "The mean fit of the replicates that are done, and a band of 1.96 standard deviations. The "
       "data are the training set of the first replicate.",
       has_lines ? "Thin lines are fits of single replicates." : "",
       lost > 0 ? fmt::format("{} not done.", counted(lost, "run")) : ""});
  return with_rows(reader, p);
}

}  // namespace

Figure fit(store::Reader& reader, const Experiment& e) {
  if (e.ranked.empty()) return {};
  const auto points = shown_points(e);
  const auto labels = point_names(e, points);
  Figure figure;
  for (const auto i : points) {
    if (!is_in("fits", reader, e.point_id(i))) continue;
    figure.push_back(fit_of(reader, e, i, labels.at(std::to_string(e.point_id(i)))));
  }
  return figure;
}

}  // namespace descent::report
