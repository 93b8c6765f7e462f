// SPDX-License-Identifier: MIT
// Learning curves: the mean of a metric by epoch, and the paired difference to the best point.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "record/task.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

// The points with curves that are drawn, and which those are.
struct Drawn {
  Points points;
  std::string which;  // for the caption
};

// The best point of each combination of values.
Points best_of_each(const Experiment& e, const Paths& paths) {
  const auto classes = e.grid.classes(paths);
  std::set<std::size_t> seen;
  Points best;
  for (const auto i : e.ranked)
    if (seen.insert(classes[i]).second) best.push_back(i);
  return best;
}

// The points that agree with the best one in all but x, thinned to as many as are drawn.
Points along(const Experiment& e, std::size_t x) {
  const auto classes = e.grid.classes(without(e.grid.varied(), x));
  Points same;
  for (std::size_t i = 0; i < e.grid.size(); ++i)
    if (classes[i] == classes[e.ranked.front()]) same.push_back(i);
  std::ranges::sort(same, {}, [&](auto i) { return e.grid.paths()[x].codes[i]; });
  if (same.size() <= most_curves) return same;
  Points some;
  for (std::size_t k = 0; k < most_curves; ++k)
    some.push_back(same[(2 * k * (same.size() - 1) + most_curves - 1) / (2 * (most_curves - 1))]);
  return some;
}

Drawn drawn_points(const Experiment& e) {
  if (e.grid.size() <= most_curves) return {e.ranked, ""};
  for (auto count = e.axes.words.size(); count > 0; --count) {
    const Paths some(e.axes.words.begin(), e.axes.words.begin() + std::ptrdiff_t(count));
    const auto best = best_of_each(e, some);
    std::vector<std::string> names;
    for (const auto p : some) names.push_back(e.path_name(p));
    if (best.size() >= 3 && best.size() <= most_curves)
      return {best, "the best point of each " + list_text(names)};
  }
  auto x = line_axis(e.grid, e.axes);
  if (!x && !e.axes.numbers.empty()) x = e.axes.numbers.front();
  if (x && !e.axes.is_drawn)
    if (const auto points = along(e, *x); points.size() >= 3)
      return {points, fmt::format("points that differ from the best in {} only", e.path_name(*x))};
  return {Points(e.ranked.begin(), e.ranked.begin() + most_curves),
          fmt::format("the best {} points", most_curves)};
}

struct Recorded {
  std::vector<std::string> metrics;  // with more than three epochs; losses first
  std::int64_t epochs = 0;           // at most, of one metric
  bool is_log = false;               // the epochs range over two powers of ten
  std::string thinning;              // a condition on c.epoch
};

Recorded recorded(store::Reader& reader, const Experiment& e, const Drawn& drawn) {
  Recorded all;
  std::int64_t last = 0;
  store::for_each_row(
      reader,
      fmt::format(
          "SELECT m.name, count(DISTINCT epoch), max(epoch) FROM runs r JOIN curve_rows c USING "
          "(run_id) JOIN metrics m USING (metric_id) WHERE r.point_id IN ({}) AND r.replicate = "
          "(SELECT min(replicate) FROM runs WHERE point_id = r.point_id) AND c.value IS NOT NULL "
          "AND m.name NOT IN ('x', 'y', 'penalty', 'running_loss') GROUP BY m.metric_id "
          "HAVING count(DISTINCT epoch) > 3 ORDER BY m.name NOT LIKE '%_loss', m.metric_id",
          ids_text(e, drawn.points)),
      [&](const auto& row) {
        all.metrics.push_back(std::get<std::string>(row.at(0)));
        all.epochs = std::max(all.epochs, std::get<std::int64_t>(row.at(1)));
        last = std::max(last, std::get<std::int64_t>(row.at(2)));
      });
  const auto test = std::ranges::find(all.metrics, "test_loss");
  if (test != all.metrics.end()) std::rotate(all.metrics.begin(), test, test + 1);
  all.is_log =
      last >= 100 * std::max<std::int64_t>(1, last / std::max<std::int64_t>(1, all.epochs));
  if (all.epochs > most_epochs)
    all.thinning = fmt::format(
        "\n AND c.epoch IN (SELECT min(epoch) FROM curve_rows WHERE metric_id = 0\n"
        "  AND run_id = (SELECT min(run_id) FROM runs WHERE point_id = {})\n"
        "  GROUP BY CAST(69 * log10(epoch + 1) AS INTEGER))",
        e.point_id(drawn.points.front()));
  return all;
}

std::string caption(const Recorded& all, const std::string& start, const std::string& which = "") {
  return sentences(
      {start, which.empty() ? "" : "Shown: " + which + ".",
       all.thinning.empty() ? "" : "Some epochs are left out, evenly on a logarithmic axis."});
}

bool differ(const Experiment& e, const Points& points, bool (*is_meant)(std::string_view)) {
  for (const auto& path : e.grid.paths()) {
    if (!is_meant(path.path)) continue;
    for (const auto i : points)
      if (path.codes[i] != path.codes[points.front()]) return true;
  }
  return false;
}

Picture curve_picture(const Recorded& all, const std::string& view, const std::string& y) {
  Picture p;
  p.title = "Learning curves";
  p.view = view;
  p.mark = "line";
  p.band = true;
  p.x = {"epoch", all.is_log, {}};
  p.y.label = y;
  return p;
}

Picture train_and_test(store::Reader& reader, const Experiment& e, const Recorded& all,
                       const Drawn& drawn) {
  auto p = curve_picture(all, "training and test loss", "loss");
  p.sql = fmt::format(
      "SELECT c.epoch AS x, m.name AS series, avg(c.value) AS loss, ci_low(c.value) AS loss_lo,\n"
      "       ci_high(c.value) AS loss_hi, count(c.value) AS done\n"
      "FROM runs r JOIN curve_rows c USING (run_id) JOIN metrics m USING (metric_id)\n"
      "WHERE r.point_id = {} AND r.status = 'done' AND m.name IN ('train_loss', 'test_loss'){}\n"
      "GROUP BY m.name, c.epoch ORDER BY 2, 1",
      e.point_id(drawn.points.front()), all.thinning);
  p.names = {{"train_loss", "training loss"}, {"test_loss", "test loss"}};
  p.note = caption(all, means_of_done);
  return with_rows(reader, p);
}

Picture curve_of(store::Reader& reader, const Experiment& e, const Recorded& all,
                 const Drawn& drawn, const std::string& metric) {
  auto p = curve_picture(all, words_of(metric), words_of(metric));
  p.sql = fmt::format(
      "SELECT c.epoch AS x, r.point_id AS series, avg(c.value) AS {0}, ci_low(c.value) AS {0}_lo,\n"
      "       ci_high(c.value) AS {0}_hi, count(c.value) AS done\n"
      "FROM runs r JOIN curve_rows c USING (run_id) JOIN metrics m USING (metric_id)\n"
      "WHERE r.point_id IN ({1}) AND r.status = 'done' AND m.name = '{0}'{2}\n"
      "GROUP BY r.point_id, c.epoch ORDER BY 2, 1",
      metric, ids_text(e, drawn.points), all.thinning);
  p.names = point_names_with_runs(reader, e, drawn.points);
  p.note = caption(all, means_of_done, drawn.which);
  if (metric.ends_with("_loss") && differ(e, drawn.points, record::decides_the_unit))
    p.note += " Different losses have different units.";
  return with_rows(reader, p);
}

Picture difference(store::Reader& reader, const Experiment& e, const Recorded& all,
                   const Drawn& drawn, const std::string& metric) {
  const auto best = *std::ranges::min_element(
      drawn.points, {}, [&](auto i) { return std::ranges::find(e.ranked, i) - e.ranked.begin(); });
  Points rest;
  for (const auto i : drawn.points)
    if (i != best) rest.push_back(i);
  auto p = curve_picture(all, words_of(metric) + " minus that of the best",
                         words_of(metric) + ", difference");
  p.y.log = false;
  p.sql = fmt::format(
      "SELECT c.epoch AS x, r.point_id AS series, avg(c.value - d.value) AS difference,\n"
      "       ci_low(c.value - d.value) AS difference_lo,\n"
      "       ci_high(c.value - d.value) AS difference_hi, count(c.value - d.value) AS done\n"
      "FROM runs r\n"
      "JOIN runs o ON o.point_id = {0} AND o.replicate = r.replicate AND o.status = 'done'\n"
      "JOIN metrics m ON m.name = '{1}'\n"
      "JOIN curve_rows c ON c.run_id = r.run_id AND c.metric_id = m.metric_id\n"
      "JOIN curve_rows d ON d.run_id = o.run_id AND d.metric_id = m.metric_id AND d.epoch = "
      "c.epoch\n"
      "WHERE r.point_id IN ({2}) AND r.status = 'done'{3}\n"
      "GROUP BY r.point_id, c.epoch ORDER BY 2, 1",
      e.point_id(best), metric, ids_text(e, rest), all.thinning);
  p.names = point_names_with_runs(reader, e, drawn.points);
  p.references.push_back({{}, 0.0, p.names.at(std::to_string(e.point_id(best)))});
  p.note = caption(all,
                   "Differences replicate by replicate, as equal replicates have the same draws: "
                   "means with 95 % intervals, not adjusted. Above 0 is worse.",
                   drawn.which);
  return with_rows(reader, p);
}

}  // namespace

Figure curves(store::Reader& reader, const Experiment& e) {
  if (e.ranked.empty() || e.runs == 0) return {};
  const auto drawn = drawn_points(e);
  const auto all = recorded(reader, e, drawn);
  const auto has = [&](const char* metric) { return std::ranges::count(all.metrics, metric) > 0; };
  const bool is_one = drawn.points.size() == 1 && has("test_loss") && has("train_loss");
  Figure figure;
  if (is_one) figure.push_back(train_and_test(reader, e, all, drawn));
  for (const auto& metric : all.metrics)
    if (!is_one || (metric != "test_loss" && metric != "train_loss"))
      figure.push_back(curve_of(reader, e, all, drawn, metric));
  const auto* loss = has("test_loss") ? "test_loss" : "train_loss";
  // equal replicates have the same draws, and the losses have the same unit
  const bool are_comparable = !differ(e, drawn.points, record::decides_the_draws) &&
                              !differ(e, drawn.points, record::decides_the_unit);
  if (has(loss) && drawn.points.size() > 1 && are_comparable)
    figure.push_back(difference(reader, e, all, drawn, loss));
  return figure;
}

}  // namespace descent::report
