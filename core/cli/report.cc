// SPDX-License-Identifier: MIT
#include "cli/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <variant>

#include "base/utf8.h"
#include "cli/units.h"
#include "store/query.h"
#include "store/records.h"
#include "store/stored_points.h"

namespace descent::cli {
namespace {

constexpr std::uint64_t most_rows = 40;

using Ids = std::vector<std::int64_t>;

// The points of one experiment of the plan, as many as are shown, and the view they stand in.
struct Shown {
  const experiment::Experiment& experiment;
  std::string view;  // quoted name
  Ids points;
};

std::string listed(const Ids& points) { return fmt::format("({})", fmt::join(points, ", ")); }

void show(store::Reader& reader, const std::string& sql) {
  auto rows = reader.query(sql);
  store::print(rows, store::Format::table, std::cout);
}

bool has_rows(store::Reader& reader, const std::string& sql) {
  auto rows = reader.query(sql);
  std::vector<store::Value> row;
  return rows.next(row);
}

// What tells points apart in a table of a view `v`: the swept values, or one text if they are many.
std::string point_columns(const experiment::Experiment& experiment) {
  if (experiment.swept().size() > most_point_columns)
    return "(SELECT label FROM points WHERE point_id = v.point_id) AS point, ";
  std::string columns;
  for (const auto& path : experiment.swept()) columns += "\"" + path + "\", ";
  return columns;
}

// A table for the points of each unit, under the name of the unit if there are several.
void show_by_unit(store::Reader& reader, const Ids& points,
                  const std::function<std::string(const std::string&)>& sql_for) {
  for (const auto& group : by_unit(reader, points)) {
    if (!group.name.empty()) std::cout << printable(group.name) << ":\n";
    show(reader, sql_for(listed(group.points)));
  }
}

// The grid: a row a point.
std::string grid_sql(store::Reader& reader, const Shown& shown, const std::string& points) {
  const auto from = fmt::format(" FROM {} v WHERE point_id IN {}", shown.view, points);
  const auto any = [&](const std::string& column) {
    return has_rows(reader, fmt::format("SELECT 1{} AND {} IS NOT NULL LIMIT 1", from, column));
  };
  const std::string loss = any("test_loss_mean_done")         ? "test_loss"
                           : any("validation_loss_mean_done") ? "validation_loss"
                                                              : "train_loss";
  // Means pass over runs that are not done only where the heading says so.
  const std::string over = any("nullif(runs, done)") ? "_done" : "";
  std::string columns = fmt::format(
      "done || '/' || replicates AS done, {0}_mean{1} AS {0}{1}, {0}_se{1} AS se", loss, over);
  if (any("test_accuracy_mean_done"))
    columns += fmt::format(", test_accuracy_mean{0} AS accuracy{0}", over);
  if (any("variance")) columns += ", bias2, bias2_se AS se, variance, variance_se AS se";
  return fmt::format("SELECT {}{}{} ORDER BY point_id", point_columns(shown.experiment), columns,
                     from);
}

void print_grid(store::Reader& reader, const Shown& shown) {
  show_by_unit(reader, shown.points,
               [&](const auto& points) { return grid_sql(reader, shown, points); });
  if (has_rows(reader, fmt::format("SELECT 1 FROM {} WHERE point_id IN {} AND replicates < 20 AND "
                                   "variance IS NOT NULL LIMIT 1",
                                   shown.view, listed(shown.points))))
    std::cout << "fewer than 20 replicates: intervals of variance are unreliable; 50 or more are "
                 "better\n";
  if (has_rows(reader, fmt::format("SELECT 1 FROM {} WHERE point_id IN {} AND warning IS NOT NULL "
                                   "LIMIT 1",
                                   shown.view, listed(shown.points))))
    std::cout << fmt::format(
        "one run has a large share of the loss of some points (column warning of {}): their means "
        "and intervals depend on it; compare medians\n",
        shown.view);
  if (shown.experiment.size() > most_rows)
    std::cout << fmt::format("... {} more rows in the view {}\n",
                             shown.experiment.size() - most_rows, shown.view);
}

// The curve of a single point, the mean over its replicates, and its weights if there are few.
void print_curve(store::Reader& reader, const Shown& shown) {
  const auto of_point =
      fmt::format("JOIN runs r USING (run_id) WHERE r.status = 'done' AND r.point_id IN {}",
                  listed(shown.points));
  // By the numbers of the metrics: there may be millions of rows, and names have to be looked up.
  const int train = int(record::Metric::train_loss), test = int(record::Metric::test_loss);
  show(reader,
       fmt::format("SELECT epoch, avg(value) FILTER (WHERE metric_id = {0}) AS train_loss, "
                   "avg(value) FILTER (WHERE metric_id = {1}) AS test_loss FROM curve_rows {2} "
                   "AND metric_id IN ({0}, {1}) GROUP BY epoch ORDER BY epoch",
                   train, test, of_point));
  const auto weights = fmt::format(
      "SELECT name || '[' || row || ',' || col || ']' AS weight, avg(value) AS mean, "
      "stddev(value) AS sd FROM weights {} GROUP BY name, row, col ORDER BY name DESC, col, row",
      of_point);
  if (has_rows(reader, weights) && !has_rows(reader, weights + " LIMIT 1 OFFSET 20"))
    show(reader, weights);
}

// Runs that are not done, and why the first of each kind is not; no table, as a reason takes
// several lines of a terminal.
void print_failures(store::Reader& reader, const Shown& shown) {
  store::for_each_row(
      reader,
      fmt::format("SELECT status, count(*), reason, min(run_id) AS run_id FROM runs WHERE point_id "
                  "IN {} AND status NOT IN ('done', 'pruned') GROUP BY status ORDER BY run_id",
                  listed(shown.points)),
      [&](const auto& row) {
        const auto count = store::text_of(row[1]);
        std::cout << fmt::format("{}: {}run {}: {}\n", store::text_of(row[0]),
                                 count == "1" ? "" : count + " runs; the first is ",
                                 store::text_of(row[3]), printable(store::text_of(row[2])));
      });
}

std::string view_of(store::Reader& reader, const experiment::Experiment& experiment) {
  auto rows = reader.query("SELECT '\"' || view_name || '\"' FROM experiments WHERE name = ?",
                           {experiment.name()});
  std::vector<store::Value> row;
  rows.next(row);
  return std::get<std::string>(row.at(0));
}

Ids points_of(std::size_t experiment, const engine::Plan& plan, const Ids& point_ids) {
  Ids ids;
  for (std::size_t i = 0; i < point_ids.size() && ids.size() < most_rows; ++i)
    if (plan.planned(i).experiment == experiment) ids.push_back(point_ids[i]);
  return ids;
}

// Of points that took the place of others: the loss of both.
std::string changes_sql(const experiment::Experiment& experiment, const std::string& view,
                        const std::string& points) {
  return fmt::format(
      "WITH pair AS (SELECT max(point_id) AS old, superseded_by AS point_id FROM points "
      "WHERE superseded_by IN {0} GROUP BY superseded_by), "
      "loss AS (SELECT point_id, avg(x) AS mean, stddev(x) / sqrt(count(x)) AS se "
      "FROM (SELECT point_id, coalesce(test_loss, train_loss) AS x FROM runs "
      "WHERE status = 'done' AND point_id IN (SELECT old FROM pair UNION ALL "
      "SELECT point_id FROM pair)) GROUP BY point_id) "
      "SELECT {1}v.done || '/' || v.replicates AS done, b.mean AS loss_before, b.se AS se, "
      "n.mean AS loss_now, n.se AS se FROM {2} v JOIN pair p ON p.point_id = v.point_id "
      "LEFT JOIN loss b ON b.point_id = p.old LEFT JOIN loss n ON n.point_id = v.point_id "
      "ORDER BY v.point_id",
      points, point_columns(experiment), view);
}

}  // namespace

void print_report(const std::string& database, const engine::Plan& plan,
                  const std::vector<std::int64_t>& point_ids) {
  auto reader = store::Reader::open(database);
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    const auto& experiment = plan.experiments()[e];
    std::cout << fmt::format("\n{}{}{}\n", experiment.name(),
                             experiment.description().empty() ? "" : ": ",
                             printable(experiment.description()));
    const Shown shown{experiment, view_of(reader, experiment), points_of(e, plan, point_ids)};
    if (experiment.size() > 1)
      print_grid(reader, shown);
    else if (has_rows(reader, fmt::format("SELECT 1 FROM runs WHERE status = 'done' AND point_id "
                                          "IN {} LIMIT 1",
                                          listed(shown.points))))
      print_curve(reader, shown);
    print_failures(reader, shown);
  }
}

void print_selections(const std::string& database, const engine::Plan& plan,
                      const std::vector<engine::Selection>& selections) {
  auto reader = store::Reader::open(database);
  for (const auto& selection : selections) {
    const auto& experiment = plan.experiments()[selection.experiment];
    const auto& [name, metric, rule, failures, rows] = selection.record;
    std::cout << fmt::format("\n{}: chosen by {} {}\n", name, rule, metric);
    Ids chosen;
    for (const auto& row : rows)
      if (row.chosen) chosen.push_back(row.point_id);
    show_by_unit(reader, chosen, [&](const auto& points) {
      return fmt::format(
          "SELECT s.point_id, {}s.value AS {}, s.reason FROM selections s JOIN {} v USING "
          "(point_id) WHERE s.point_id IN {} ORDER BY s.point_id",
          point_columns(experiment), selection.record.metric, view_of(reader, experiment), points);
    });
    for (const auto& words : selection.without_any) std::cout << printable(words) << '\n';
  }
}

std::int64_t last_point(const std::string& database) {
  auto reader = store::Reader::open(database);
  auto rows = reader.query("SELECT coalesce(max(point_id), 0) FROM points");
  std::vector<store::Value> row;
  rows.next(row);
  return std::get<std::int64_t>(row.at(0));
}

void print_changes(const std::string& database, const engine::Plan& plan, std::int64_t last) {
  auto reader = store::Reader::open(database);
  for (const auto& experiment : plan.experiments()) {
    Ids changed;
    store::for_each_row(
        reader,
        fmt::format("SELECT DISTINCT superseded_by FROM points JOIN {} v ON v.point_id = "
                    "superseded_by WHERE superseded_by > ? ORDER BY 1",
                    view_of(reader, experiment)),
        [&](const auto& row) { changed.push_back(std::get<std::int64_t>(row.at(0))); }, {last});
    show_by_unit(reader, changed, [&](const auto& points) {
      return changes_sql(experiment, view_of(reader, experiment), points);
    });
  }
}

}  // namespace descent::cli
