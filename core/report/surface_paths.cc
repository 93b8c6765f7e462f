// SPDX-License-Identifier: MIT
// The paths of optimizers over the contour lines of a surface.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "record/task.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/labels.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t across = 61, upwards = 51;  // of the field
constexpr double margin = 0.12;                   // of the frame, around the paths
constexpr double narrowest = 0.5;

bool has_surface(store::Reader& reader, const Experiment& e) {
  return e.runs > 0 &&
         first_integer(reader,
                       "SELECT count(*) FROM (SELECT 1 FROM points WHERE experiment_id = ? AND "
                       "superseded_by IS NULL AND json_extract(configuration, '$.data.surface') IS "
                       "NOT NULL LIMIT 1)",
                       {e.id}) > 0;
}

// From where to where the paths go, without the few steps that run away.
std::pair<double, double> range(const Picture& p, std::size_t column) {
  std::vector<double> values;
  for (const auto& row : p.rows)
    if (const auto* value = std::get_if<double>(&row.at(column)); value && std::isfinite(*value))
      values.push_back(*value);
  if (values.empty()) return {0, 1};
  std::ranges::sort(values);
  const auto last = double(values.size() - 1);
  const double lo = values[std::size_t(0.002 * last)], hi = values[std::size_t(0.998 * last)];
  const double around = std::max(hi - lo, narrowest) * margin;
  return {lo - around, hi + around};
}

Field field_of(const std::string& configuration, const Picture& p, const Sources& sources) {
  Field field;
  std::tie(field.x0, field.x1) = range(p, 2);
  std::tie(field.y0, field.y1) = range(p, 3);
  field.nx = across;
  field.ny = upwards;
  std::vector<double> x, y;
  for (std::size_t j = 0; j < upwards; ++j)
    for (std::size_t i = 0; i < across; ++i) {
      x.push_back(field.x0 + (field.x1 - field.x0) * double(i) / double(across - 1));
      y.push_back(field.y0 + (field.y1 - field.y0) * double(j) / double(upwards - 1));
    }
  field.z = sources.heights(configuration, x, y);
  return field;
}

// Points of one surface, and of one value of the first number, such as the noise.
struct Group {
  std::string view;
  Points points;
};

Paths grouping_paths(const Experiment& e) {
  Paths paths;
  for (const auto p : e.grid.varied())
    if (record::is_at_or_below(e.grid.paths()[p].path, "data.surface")) paths.push_back(p);
  if (!e.axes.numbers.empty() && std::ranges::count(paths, e.axes.numbers.front()) == 0)
    paths.push_back(e.axes.numbers.front());
  return paths;
}

// "himmelblau, noise 0.1".
std::string group_name(const Experiment& e, const Paths& paths, std::size_t point) {
  std::vector<std::string> values;
  for (const auto p : paths) {
    const auto& path = e.grid.paths()[p];
    if (path.codes[point] < 0) continue;  // it has no value there
    const auto value = value_text(path.values[std::size_t(path.codes[point])]);
    values.push_back(path.path == "data.surface" ? value : path.name + " " + value);
  }
  return values.empty() ? "paths" : fmt::format("{}", fmt::join(values, ", "));
}

std::vector<Group> groups_of(const Experiment& e) {
  const auto paths = grouping_paths(e);
  std::map<std::vector<int>, Group> groups;  // in the order of the values
  for (std::size_t i = 0; i < e.grid.size(); ++i) {
    std::vector<int> codes;
    for (const auto p : paths) codes.push_back(e.grid.paths()[p].codes[i]);
    auto& group = groups[codes];
    if (group.points.empty()) group.view = group_name(e, paths, i);
    group.points.push_back(i);
  }
  std::vector<Group> all;
  for (auto& [codes, group] : groups) all.push_back(std::move(group));
  return all;
}

Names path_names(store::Reader& reader, const Experiment& e, const Points& points) {
  const auto labels = labels_of(e.grid, points, e.grid.varied());
  Names names;
  for (std::size_t i = 0; i < points.size(); ++i)
    names[std::to_string(e.point_id(points[i]))] = labels[i];
  store::for_each_row(
      reader,
      fmt::format("SELECT point_id, status FROM runs WHERE point_id IN ({}) AND replicate = 0 AND "
                  "status <> 'done'",
                  ids_text(e, points)),
      [&](const auto& row) {
        names[name_key(row.at(0))] += fmt::format(" ({})", std::get<std::string>(row.at(1)));
      });
  return names;
}

Picture paths(store::Reader& reader, const Experiment& e, Group group, const Sources& sources) {
  const auto all = group.points.size();
  if (all > most_curves) group.points.resize(most_curves);
  Picture p;
  p.title = "Paths over the surface";
  p.view = group.view;
  p.mark = "path";
  p.x.label = "x";
  p.y.label = "y";
  p.names = path_names(reader, e, group.points);
  p.sql = fmt::format(
      "SELECT r.point_id AS series, c.epoch AS step, max(c.value) FILTER (WHERE m.name = 'x') AS "
      "x,\n"
      "       max(c.value) FILTER (WHERE m.name = 'y') AS y,\n"
      "       max(c.value) FILTER (WHERE m.name = 'train_loss') AS height\n"
      "FROM runs r JOIN curve_rows c USING (run_id) JOIN metrics m USING (metric_id)\n"
      "WHERE r.point_id IN ({}) AND r.replicate = 0\nGROUP BY r.run_id, c.epoch ORDER BY 1, 2",
      ids_text(e, group.points));
  p = with_rows(reader, p);
  if (p.rows.empty()) return p;
  const auto configuration =
      first_value(reader, "SELECT configuration FROM points WHERE point_id = ?",
                  {e.point_id(group.points.front())});
  p.field = field_of(std::get<std::string>(configuration), p, sources);
  p.note =
      sentences({"Replicate 0 of each point over lines of equal height. The mark is the end of "
                 "the run.",
                 first_of(most_curves, all)});
  return p;
}

}  // namespace

Figure surface_paths(store::Reader& reader, const Experiment& e, const Sources& sources) {
  if (!has_surface(reader, e)) return {};
  Figure figure;
  for (auto& group : groups_of(e)) figure.push_back(paths(reader, e, group, sources));
  return figure;
}

}  // namespace descent::report
