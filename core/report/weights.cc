// SPDX-License-Identifier: MIT
// Weights over a penalty: how many are exactly 0, and the path of each. Of a single point: the
// weights it learned.
#include <fmt/format.h>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::int64_t most_weights = 40;

constexpr const char* weight_name = "w.name || '[' || w.\"row\" || ',' || w.col || ']'";

Paths others(const Experiment& e) {
  auto paths = e.axes.words;
  paths.insert(paths.end(), e.axes.ordered.begin(), e.axes.ordered.end());
  return paths;
}

Picture zeros(store::Reader& reader, const Experiment& e, std::size_t x) {
  const auto series = key_of(reader, e, others(e));
  Picture p;
  p.title = "Weights and sparsity";
  p.view = "weights that are exactly 0";
  p.mark = "line";
  p.x.label = e.path_name(x);
  p.y = {"weights that are 0", false, {}};
  p.names = series.names;
  p.sql = fmt::format(
      "SELECT v.{} AS x{}, avg(r.zero_weights) AS zeros, ci_low(r.zero_weights) AS zeros_lo,\n"
      "       ci_high(r.zero_weights) AS zeros_hi, v.done, v.runs\n"
      "FROM {} v JOIN runs r USING (point_id)\nWHERE r.status = 'done'\n"
      "GROUP BY v.point_id ORDER BY {}x",
      sql_name(e.grid.paths()[x].path), series.as("series"), sql_name(e.view),
      series.first_in_order());
  p.note = "Means over the runs that are done, with 95 % intervals.";
  return with_rows(reader, p);
}

Picture paths_of_weights(store::Reader& reader, const Experiment& e, std::size_t x) {
  const auto facet = key_of(reader, e, others(e));
  Picture p;
  p.title = "Weights and sparsity";
  p.view = "each weight";
  p.mark = "line";
  p.band = true;
  p.x.label = e.path_name(x);
  p.y = {"weight", false, {}};
  p.names = facet.names;
  p.references.push_back({{}, 0.0, ""});
  p.sql = fmt::format(
      "SELECT v.{} AS x{}, {} AS series, avg(w.value) AS weight, count(*) AS done\n"
      "FROM {} v JOIN runs r USING (point_id) JOIN weights w USING (run_id)\n"
      "WHERE r.status = 'done'\n"
      "GROUP BY v.point_id, w.name, w.\"row\", w.col ORDER BY v.point_id, w.name, w.\"row\", w.col",
      sql_name(e.grid.paths()[x].path), facet.as("facet"), weight_name, sql_name(e.view));
  p.note = "Each line is one weight: its mean over the runs that are done.";
  return with_rows(reader, p);
}

Picture learned(store::Reader& reader, const Experiment& e) {
  Picture p;
  p.title = "Weights and sparsity";
  p.view = "learned weights";
  p.mark = "rows";
  p.x = {"weight", false, {}};
  p.sql = fmt::format(
      "SELECT {} AS label, avg(w.value) AS mean, ci_low(w.value) AS mean_lo,\n"
      "       ci_high(w.value) AS mean_hi, count(*) AS done\n"
      "FROM runs r JOIN weights w USING (run_id)\nWHERE r.point_id = {} AND r.status = 'done'\n"
      "GROUP BY w.name, w.\"row\", w.col",
      weight_name, e.point_id(0));
  p.note = "Means over the runs that are done, with 95 % intervals.";
  return with_rows(reader, p);
}

std::int64_t weights_stored(store::Reader& reader, const Experiment& e) {
  return first_integer(reader,
                       "SELECT count(*) FROM weights WHERE run_id = (SELECT min(run_id) FROM runs "
                       "WHERE point_id = ?)",
                       {e.point_id(0)});
}

}  // namespace

Figure weights(store::Reader& reader, const Experiment& e) {
  if (e.grid.size() == 0) return {};
  Figure figure;
  const auto stored = weights_stored(reader, e);
  const bool are_few = stored > 0 && stored <= most_weights;
  if (e.grid.size() == 1 && are_few) figure.push_back(learned(reader, e));
  if (e.axes.numbers.size() != 1) return figure;
  const auto x = e.axes.numbers.front();
  const auto most_zeros =
      first_integer(reader,
                    "SELECT max(zero_weights) FROM points JOIN runs USING "
                    "(point_id) WHERE experiment_id = ? AND superseded_by IS NULL",
                    {e.id});
  if (most_zeros > 0) figure.push_back(zeros(reader, e, x));
  if (are_few) figure.push_back(paths_of_weights(reader, e, x));
  return figure;
}

}  // namespace descent::report
