// SPDX-License-Identifier: MIT
// The parts of the variance: how much comes from the data, how much from the start of training.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

Points best_points(const Experiment& e) {
  const auto count = std::min(most_facets, e.ranked.size());
  return Points(e.ranked.begin(), e.ranked.begin() + std::ptrdiff_t(count));
}

Picture parts_by_epoch(store::Reader& reader, const Experiment& e, const std::string& definition,
                       const std::string& metric) {
  Picture p;
  p.title = "Sources of the variance";
  p.view = fmt::format("{}, {}", definition, metric);
  p.mark = "line";
  p.x = {"epoch", false, {}};
  p.y = {fmt::format("part of the variance ({})", metric), false, {}};
  p.references.push_back({{}, 0.0, ""});
  const auto points = best_points(e);
  p.names = point_names_with_runs(reader, e, points);
  p.sql = fmt::format(
      "SELECT epoch AS x, point_id AS facet, term AS series, value, lo AS value_lo, hi AS "
      "value_hi\n"
      "FROM effects\nWHERE point_id IN ({}) AND definition = {} AND metric = {} AND epoch > 0\n"
      "ORDER BY point_id, term, epoch",
      ids_text(e, points), sql_text(definition), sql_text(metric));
  p.note = sentences(
      {"95 % intervals. The parts add up to the variance.", first_of(most_facets, e.grid.size())});
  return with_rows(reader, p);
}

}  // namespace

Figure variance_sources(store::Reader& reader, const Experiment& e) {
  Figure figure;
  store::for_each_row(
      reader,
      "SELECT DISTINCT definition, metric FROM effects JOIN points USING (point_id) WHERE "
      "experiment_id = ? AND superseded_by IS NULL AND definition IN ('crossed', 'nested') "
      "ORDER BY 1, 2",
      [&](const auto& row) {
        figure.push_back(parts_by_epoch(reader, e, std::get<std::string>(row.at(0)),
                                        std::get<std::string>(row.at(1))));
      },
      {e.id});
  return figure;
}

}  // namespace descent::report
