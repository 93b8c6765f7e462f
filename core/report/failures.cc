// SPDX-License-Identifier: MIT
// How the runs ended: counts by each axis, by value or as a share, and of the worst points.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t most_axes = 4;
constexpr std::size_t few_points = 6;  // which are distinguishable without their axes

std::string counts(const Experiment& e) {
  std::string sums;
  for (const auto& [status, count] : e.statuses)
    sums += fmt::format("{}sum(r.status = '{}') AS {}", sums.empty() ? "" : ", ", status, status);
  return sums;
}

std::string caption(const Experiment& e) {
  return fmt::format("{} of {} are not done. Statistics either count them or are empty.",
                     count_text(e.runs - e.done), counted(e.runs, "run"));
}

Picture bars(const Experiment& e, const std::string& view) {
  Picture p;
  p.title = "How the runs ended";
  p.view = view;
  p.mark = "stack";
  for (const auto& [status, count] : e.statuses) p.values.push_back(status);
  p.note = caption(e);
  return p;
}

Names value_names(const SweptPath& path) {
  Names names;
  for (const auto& value : path.values)
    names[name_key(value)] = std::holds_alternative<std::string>(value) && !is_truth_value(value)
                                 ? std::get<std::string>(value)
                                 : path.name + " " + value_text(value);
  return names;
}

Picture by_value(store::Reader& reader, const Experiment& e, const SweptPath& path) {
  auto p = bars(e, "by " + path.name);
  p.names = value_names(path);
  p.sql = fmt::format(
      "SELECT v.value AS label, {}\nFROM runs r JOIN swept_values v USING (point_id)\n"
      "WHERE v.experiment = {} AND v.path = {}\nGROUP BY 1 ORDER BY 1",
      counts(e), sql_text(e.name), sql_text(path.path));
  return with_rows(reader, p);
}

// Drawn values differ from point to point, so they are put together by size.
Picture share_over(store::Reader& reader, const Experiment& e, const SweptPath& path) {
  Picture p;
  p.title = "How the runs ended";
  p.view = "share over " + path.name;
  p.mark = "line";
  p.x.label = path.name;
  p.y = {"runs that are not done, %", false, {}};
  p.note = caption(e);
  p.sql = fmt::format(
      "SELECT avg(v.value) AS x, 100.0 * avg(r.status <> 'done') AS \"not done, %\", count(*) AS "
      "n\n"
      "FROM runs r JOIN swept_values v USING (point_id)\n"
      "WHERE v.experiment = {} AND v.path = {}\nGROUP BY {} ORDER BY 1",
      sql_text(e.name), sql_text(path.path),
      e.axes.is_drawn ? "CAST(20 * log10(v.value) AS INTEGER)" : "v.value");
  if (e.axes.is_drawn) p.note += " Values of similar size are put together.";
  return with_rows(reader, p);
}

Picture of_points(store::Reader& reader, const Experiment& e) {
  auto p = bars(e, "by point, the worst first");
  p.sql = fmt::format(
      "SELECT r.point_id AS label, {}\nFROM runs r JOIN points p USING (point_id)\n"
      "WHERE p.experiment_id = {} AND p.superseded_by IS NULL\n"
      "GROUP BY 1 HAVING sum(r.status <> 'done')\n"
      "ORDER BY sum(r.status = 'done') * 1.0 / count(*), 1 LIMIT {}",
      counts(e), e.id, most_listed);
  p = with_rows(reader, p);
  Points points;
  for (const auto& row : p.rows) points.push_back(e.grid.place(std::get<std::int64_t>(row[0])));
  p.names = point_names(e, points);
  if (p.rows.size() == most_listed)
    p.note += fmt::format(" At most {} points are shown.", most_listed);
  return p;
}

}  // namespace

Figure failures(store::Reader& reader, const Experiment& e) {
  if (e.runs == e.done) return {};
  Figure figure;
  if (e.grid.size() > few_points) {
    for (const auto p : e.axes.numbers)
      if (e.grid.paths()[p].values.size() > most_listed && figure.size() < 2)
        figure.push_back(share_over(reader, e, e.grid.paths()[p]));
    std::size_t shown = 0;
    for (const auto p : e.axes.all())
      if (e.grid.paths()[p].values.size() <= most_listed && e.grid.paths()[p].values.size() > 1 &&
          shown++ < most_axes)
        figure.push_back(by_value(reader, e, e.grid.paths()[p]));
  }
  figure.push_back(of_points(reader, e));
  return figure;
}

}  // namespace descent::report
