// SPDX-License-Identifier: MIT
#include "report/key.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/labels.h"
#include "report/picture.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t most_names = 100;

Points first_of_each(const std::vector<std::size_t>& classes) {
  Points first;
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (classes[i] == first.size()) first.push_back(i);  // classes are numbered as they occur
  return first;
}

// What the expression of key_of() is for a point.
std::string key_text(store::Reader& reader, const Experiment& e, const Paths& paths,
                     std::size_t i) {
  if (paths.size() == 1) {
    const auto* value = e.grid.value(paths[0], i);
    return value ? name_key(*value) : "null";
  }
  std::string text;
  for (const auto p : paths) {
    const auto* value = e.grid.value(p, i);
    if (!text.empty() || p != paths.front()) text += ' ';
    // SQLite writes a number its own way
    text += value ? std::get<std::string>(first_value(reader, "SELECT '' || ?", {*value})) : "-";
  }
  return text;
}

}  // namespace

std::string Key::as(const char* column) const {
  return sql.empty() ? "" : fmt::format(", {} AS {}", sql, column);
}

std::string Key::first_in_order() const { return sql.empty() ? "" : "2, "; }

Key key_of(store::Reader& reader, const Experiment& e, const Paths& paths) {
  Key key;
  if (paths.empty()) return key;
  for (const auto p : paths) {
    const auto column = "v." + sql_name(e.grid.paths()[p].path);
    key.sql += key.sql.empty() ? "" : " || ' ' || ";
    key.sql += paths.size() == 1 ? column : fmt::format("coalesce({}, '-')", column);
  }
  const auto points = first_of_each(e.grid.classes(paths));
  key.count = points.size();
  if (key.count > most_names) return key;
  const auto labels = labels_of(e.grid, points, paths);
  for (std::size_t i = 0; i < points.size(); ++i)
    key.names[key_text(reader, e, paths, points[i])] = labels[i];
  return key;
}

Names point_names(const Experiment& e, const Points& points) {
  const auto labels = labels_of(e.grid, points, e.grid.varied());
  Names names;
  for (std::size_t i = 0; i < points.size(); ++i)
    names[std::to_string(e.point_id(points[i]))] = labels[i];
  return names;
}

Names point_names_with_runs(store::Reader& reader, const Experiment& e, const Points& points) {
  auto names = point_names(e, points);
  store::for_each_row(
      reader,
      fmt::format(
          "SELECT point_id, sum(status = 'done') AS done, max(count(*), iif(finished, 0, "
          "replicates)) AS runs FROM runs JOIN points USING (point_id) WHERE point_id IN ({}) "
          "GROUP BY point_id HAVING done < runs",
          ids_text(e, points)),
      [&](const auto& row) {
        names[name_key(row.at(0))] +=
            fmt::format(" ({} of {} runs)", name_key(row.at(1)), name_key(row.at(2)));
      });
  return names;
}

std::string ids_text(const Experiment& e, const Points& points) {
  std::string text;
  for (const auto i : points) text += (text.empty() ? "" : ", ") + std::to_string(e.point_id(i));
  return text;
}

std::string first_of(std::size_t shown, std::size_t all, const char* noun) {
  if (all <= shown) return "";
  return fmt::format("The first {} of {} {}.", count_text(std::int64_t(shown)),
                     count_text(std::int64_t(all)), noun);
}

std::string sentences(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all)
    if (!one.empty()) text += (text.empty() ? "" : " ") + one;
  return text;
}

}  // namespace descent::report
