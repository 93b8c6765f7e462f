// SPDX-License-Identifier: MIT
// The objective over what was swept: a heat map of two numbers, a scatter plot of drawn points,
// lines over one number, or rows.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr const char* hatching = "Hatched: some runs are not done. Gray: no run is.";

// The two numbers with the most values; the first is the horizontal one.
std::pair<std::size_t, std::size_t> two_numbers(const Experiment& e) {
  auto x = e.axes.numbers[0], y = e.axes.numbers[1];
  const auto count = [&](std::size_t p) { return e.grid.paths()[p].values.size(); };
  if (count(y) > count(x)) std::swap(x, y);
  return {x, y};
}

Picture heat_map(const Experiment& e, const std::string& z) {
  const auto [x, y] = two_numbers(e);
  Picture p;
  p.title = fmt::format("The effect of {} and {}", e.path_name(x), e.path_name(y));
  p.view = p.z = z;
  p.mark = "heat";
  p.x.label = e.path_name(x);
  p.y.label = e.path_name(y);
  return p;
}

// Where more than two numbers are swept, a cell is the best point of those that share it.
Picture objective_heat_map(store::Reader& reader, const Experiment& e, const Key& facet) {
  const auto [x, y] = two_numbers(e);
  auto p = heat_map(e, e.objective_text());
  const Paths rest(e.axes.numbers.begin() + 2, e.axes.numbers.end());
  std::vector<std::string> names;
  for (const auto r : rest) names.push_back(e.path_name(r));
  const auto column = [&](std::size_t path) { return "v." + sql_name(e.grid.paths()[path].path); };
  const auto group = rest.empty() ? ""
                                  : fmt::format("\nGROUP BY {}, {}{}", column(x), column(y),
                                                facet.sql.empty() ? "" : ", " + facet.sql);
  p.sql = fmt::format(
      "SELECT {} AS x, {} AS y{}, {} AS z, s.lo_done AS lo, s.hi_done AS hi, {},\n"
      "       CASE WHEN s.rank = 1 THEN 2\n"
      "            WHEN s.lo <= b.hi AND s.hi - s.lo < 10 * (b.hi - b.lo) THEN 1 ELSE 0 END AS "
      "best\n"
      "FROM {} v JOIN scores s USING (point_id)\n"
      "LEFT JOIN (SELECT lo, hi FROM scores WHERE experiment = {} AND rank = 1 LIMIT 1) b{}",
      column(x), column(y), facet.as("facet"), rest.empty() ? "s.mean_done" : "min(s.mean_done)",
      rest.empty() ? "s.done, s.runs" : "sum(s.done) AS done, sum(s.runs) AS runs",
      sql_name(e.view), sql_text(e.name), group);
  p.names = facet.names;
  p.note = sentences(
      {"The color is the distance above the best.", hatching,
       "Framed: the best point, and those with a 95 % interval that reaches its interval.",
       rest.empty() ? "" : fmt::format("Each cell is the best over {}.", list_text(names))});
  return with_rows(reader, p);
}

Picture part_heat_map(store::Reader& reader, const Experiment& e, const Key& facet,
                      const char* part, const char* view) {
  const auto [x, y] = two_numbers(e);
  auto p = heat_map(e, part);
  p.view = view;
  p.sql = fmt::format("SELECT v.{} AS x, v.{} AS y{}, v.{} AS z, v.done, v.runs\nFROM {} v",
                      sql_name(e.grid.paths()[x].path), sql_name(e.grid.paths()[y].path),
                      facet.as("facet"), part, sql_name(e.view));
  p.names = facet.names;
  p.note = sentences({"The color is the distance above the least.", hatching});
  return with_rows(reader, p);
}

Figure heat_maps(store::Reader& reader, const Experiment& e) {
  const auto facet = key_of(reader, e, e.axes.words);
  Figure figure{objective_heat_map(reader, e, facet)};
  if (e.axes.numbers.size() == 2 && e.is_decomposed) {
    figure.push_back(part_heat_map(reader, e, facet, "bias2", "bias²"));
    figure.push_back(part_heat_map(reader, e, facet, "variance", "variance"));
  }
  return figure;
}

// The first words that few enough points share are the color.
Key color_of(store::Reader& reader, const Experiment& e) {
  auto words = e.axes.words;
  std::stable_partition(words.begin(), words.end(),
                        [&](auto w) { return e.grid.paths()[w].has_text(); });
  if (words.empty()) return {};
  auto key = key_of(reader, e, {words.front()});
  return key.count <= most_curves ? key : Key();
}

Figure scatter_plots(store::Reader& reader, const Experiment& e) {
  const auto color = color_of(reader, e);
  const auto every = (e.grid.size() + most_marks - 1) / most_marks;
  Figure figure;
  for (const auto x : e.axes.numbers) {
    if (figure.size() == 4) break;
    Picture p;
    p.title = capitalized(e.objective_text()) + " of the drawn points";
    p.view = "over " + e.path_name(x);
    p.mark = "scatter";
    p.x.label = e.path_name(x);
    p.y.label = e.objective_text();
    p.names = color.names;
    const auto column = "v." + sql_name(e.grid.paths()[x].path);
    p.sql = fmt::format(
        "SELECT {0} AS x{1}, s.mean_done AS {2}, s.done, s.runs\n"
        "FROM {3} v JOIN scores s USING (point_id)\nWHERE {0} IS NOT NULL{4}\nORDER BY v.point_id",
        column, color.as("series"), sql_name(e.objective_text()), sql_name(e.view),
        every > 1 ? fmt::format(" AND v.point_id % {} = 0", every) : "");
    p.note = sentences({"A mark is a point: its mean over the runs that are done.",
                        every > 1 ? fmt::format("Every {}th of {} points.", every,
                                                count_text(std::int64_t(e.grid.size())))
                                  : "",
                        e.axes.numbers.size() > 4
                            ? fmt::format("The first 4 of {} numbers.", e.axes.numbers.size())
                            : ""});
    figure.push_back(with_rows(reader, p));
  }
  return figure;
}

Figure lines(store::Reader& reader, const Experiment& e, std::size_t x, const Key& series) {
  Picture p;
  const auto value = e.objective_text();
  p.title = fmt::format("{} over {}", capitalized(value), e.path_name(x));
  p.mark = "line";
  p.x.label = e.path_name(x);
  p.y.label = value;
  p.names = series.names;
  p.ring = "";
  const auto column = "v." + sql_name(e.grid.paths()[x].path);
  p.sql = fmt::format(
      "SELECT {} AS x{}, s.mean_done AS {}, s.lo_done AS {}, s.hi_done AS {}, s.done, s.runs\n"
      "FROM {} v JOIN scores s USING (point_id)\nORDER BY {}x",
      column, series.as("series"), sql_name(value), sql_name(value + "_lo"),
      sql_name(value + "_hi"), sql_name(e.view), series.first_in_order());
  p.note = sentences({means_of_done, "The ring is the least of a line."});
  return {with_rows(reader, p)};
}

Figure ranking(store::Reader& reader, const Experiment& e) {
  Picture p;
  const auto value = e.objective_text();
  p.title = capitalized(value) + " of the points, the best first";
  p.mark = "rows";
  p.x.label = value;
  p.sql = fmt::format(
      "SELECT point_id AS label, mean_done AS {}, lo_done AS {}, hi_done AS {}, done, runs\n"
      "FROM scores WHERE experiment = {}\nORDER BY metric, task, rank, point_id LIMIT {}",
      sql_name(value), sql_name(value + "_lo"), sql_name(value + "_hi"), sql_text(e.name),
      most_listed);
  Points shown(e.ranked.begin(),
               e.ranked.begin() + std::ptrdiff_t(std::min(most_listed, e.ranked.size())));
  p.names = point_names(e, shown);
  p.note = sentences(
      {means_of_done, "Hollow: some runs are not done.", first_of(most_listed, e.grid.size())});
  return {with_rows(reader, p)};
}

}  // namespace

bool is_heat_map(const Experiment& e) {
  if (e.axes.is_drawn || e.axes.numbers.size() < 2 || !e.axes.ordered.empty()) return false;
  const auto facets = std::ranges::max(e.grid.classes(e.axes.words)) + 1;
  const auto [x, y] = two_numbers(e);
  const auto cells = e.grid.paths()[x].values.size() * e.grid.paths()[y].values.size() * facets;
  return facets <= most_facets && cells <= most_marks;
}

Figure points_reached(store::Reader& reader, const Experiment& e) {
  if (e.has_selections || e.grid.size() < 2) return {};
  if (e.axes.is_drawn) return scatter_plots(reader, e);
  if (is_heat_map(e)) return heat_maps(reader, e);
  if (const auto x = line_axis(e.grid, e.axes); x && e.grid.size() > 2) {
    const auto others = without(e.axes.all(), *x);
    const bool is_decomposition =
        others.empty() && e.is_decomposed && e.axes.ordered.empty();  // which shows the total
    if (is_decomposition) return {};
    const auto series = key_of(reader, e, others);
    if (series.count <= most_series) return lines(reader, e, *x, series);
  }
  return e.is_decomposed ? Figure() : ranking(reader, e);
}

}  // namespace descent::report
