// SPDX-License-Identifier: MIT
// Performance profiles: which optimizer arrives first, and which arrives at all.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

Picture steps(const Experiment& e, const std::string& task, const std::string& metric,
              double tolerance) {
  Picture p;
  p.title = "Performance profile";
  p.view = fmt::format("{}, tolerance {:g}", words_of(metric), tolerance);
  p.mark = "steps";
  p.x = {"steps, as a multiple of the fastest optimizer's", true, {}};
  p.y = {"share of problems solved", false, std::pair(0.0, 1.02)};
  p.columns = {"x", "series", "share", "done", "runs"};
  p.sql = fmt::format(
      "SELECT tau AS x, optimizer AS series, rho AS share, solved AS done, problems AS runs\n"
      "FROM performance_profile\nWHERE experiment = {} AND task = {} AND metric = {} AND "
      "tolerance = {:g} AND cost = 'steps'\nORDER BY optimizer, tau",
      sql_text(e.name), sql_text(task), sql_text(metric), tolerance);
  p.note = fmt::format(
      "A problem is a replicate of a setting. It is solved when {:g} of the way from the start to "
      "the best value is left. Left: who is fastest. Right: who arrives at all. A run that is not "
      "done has not arrived.",
      tolerance);
  return p;
}

// The task with the problems that are drawn: all of them together where there are several.
std::string task_of(store::Reader& reader, const Experiment& e) {
  const auto tasks = texts(
      reader, "SELECT DISTINCT task FROM points WHERE experiment_id = ? AND superseded_by IS NULL",
      {e.id});
  return tasks.size() > 1 ? "all" : tasks.empty() ? "" : tasks.front();
}

// The rows of all metrics and tolerances: the view works them out together, so it is asked once.
std::map<std::pair<std::string, double>, std::vector<Row>> rows_of(store::Reader& reader,
                                                                   const Experiment& e,
                                                                   const std::string& task) {
  std::map<std::pair<std::string, double>, std::vector<Row>> all;
  store::for_each_row(
      reader,
      "SELECT metric, tolerance, tau, optimizer, rho, solved, problems FROM performance_profile "
      "WHERE experiment = ? AND task = ? AND cost = 'steps' ORDER BY optimizer, tau",
      [&](const auto& row) {
        all[{std::get<std::string>(row.at(0)), std::get<double>(row.at(1))}].push_back(
            Row(row.begin() + 2, row.end()));
      },
      {e.name, task});
  return all;
}

bool has_several_ratios(const Picture& p) {
  return std::ranges::any_of(p.rows, [&](const Row& row) { return row[0] != p.rows[0][0]; });
}

}  // namespace

Figure profile(store::Reader& reader, const Experiment& e) {
  const auto optimizer = std::ranges::find(e.grid.paths(), "optimizer", &SweptPath::path);
  if (optimizer == e.grid.paths().end() || optimizer->values.size() < 2) return {};
  const auto task = task_of(reader, e);
  auto rows = rows_of(reader, e, task);
  Figure figure;
  for (const auto* metric : {"train_loss", "test_loss"})
    for (const double tolerance : {0.1, 0.01, 0.001}) {
      auto p = steps(e, task, metric, tolerance);
      p.rows = std::move(rows[{metric, tolerance}]);
      if (has_several_ratios(p)) figure.push_back(std::move(p));
    }
  return figure;
}

}  // namespace descent::report
