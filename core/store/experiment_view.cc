// SPDX-License-Identifier: MIT
#include "store/experiment_view.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "base/quotes.h"
#include "record/metric.h"
#include "store/bind.h"
#include "store/database.h"
#include "store/schema.h"

namespace descent::store {
namespace {

// By SQL itself, another view, or a table that SQLite computes, such as json_each.
bool is_taken(SQLite::Database& database, const std::string& name) {
  if (std::isdigit(static_cast<unsigned char>(name[0]))) return true;
  if (sqlite3_keyword_check(name.c_str(), static_cast<int>(name.size()))) return true;
  // pragma_table_info and its like are listed as modules only once they are used.
  if (name.starts_with("sqlite_") || name.starts_with("pragma_")) return true;
  SQLite::Statement query(database,
                          "SELECT count(*) FROM (SELECT name FROM sqlite_schema UNION ALL "
                          "SELECT name FROM pragma_module_list UNION ALL "
                          "SELECT view_name FROM experiments) WHERE lower(name) = ?");
  query.bind(1, name);
  query.executeStep();
  return query.getColumn(0).getInt() > 0;
}

// A statement of SQLite joins at most 64 tables, and results has some of its own.
constexpr std::size_t most_joined = 40;

struct Swept {
  std::string columns, joins;
};

// A number as a number, anything else as text; a boolean reads true or false. A joined value can be
// searched for by its index; a subquery, for the paths that are too many to be joined, is worked
// out for every point.
Swept swept_values(const nlohmann::json& paths) {
  Swept swept;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto path = paths[i].get<std::string>();
    const bool is_joined = i < most_joined;
    const auto value =
        is_joined
            ? fmt::format("s{}.value", i)
            : fmt::format(
                  "(SELECT value FROM swept_parameters WHERE point_id = r.point_id AND path = {})",
                  sql_text(path));
    swept.columns += fmt::format("  {} AS {},\n", value, sql_name(path));
    if (is_joined)
      swept.joins += fmt::format(
          "LEFT JOIN swept_parameters s{0} ON s{0}.point_id = r.point_id AND s{0}.path = {1}\n", i,
          sql_text(path));
  }
  return swept;
}

// The statistics: every column of results after the four that say which point it is.
std::string statistics(SQLite::Database& database) {
  const auto columns =
      texts(database,
            "SELECT name FROM pragma_table_info('results') "
            "WHERE name NOT IN ('experiment', 'point_id', 'parameters', 'swept') ORDER BY cid");
  return fmt::format("  r.{}", fmt::join(columns, ", r."));
}

// Mean and standard error of a measure over a point's runs, such as test_loss_mean and
// test_loss_se.
std::string statistics_of(const std::string& measure) {
  const auto metric = record::find_metric(measure);
  if (!metric) return "";
  const auto runs = fmt::format(
      "points p JOIN runs u ON u.run_id BETWEEN p.first_run AND p.last_run\n"
      "   LEFT JOIN run_metrics v ON v.run_id = u.run_id AND v.metric_id = {}\n"
      "   WHERE p.point_id = r.point_id",
      int(*metric));
  return fmt::format(
      ",\n  (SELECT CASE WHEN {done} THEN avg(v.value) END\n   FROM {runs}) AS {mean},\n"
      "  (SELECT CASE WHEN {done} AND {independent} THEN sqrt(sum((v.value - m.mean) / m.scale * "
      "((v.value - m.mean) "
      "/ m.scale)) / (m.n - 1) / m.n) * m.scale END\n"
      "   FROM (SELECT avg(v.value) AS mean, count(v.value) AS n, {scale} AS scale\n"
      "   FROM {runs}) m, {runs}) AS {se}",
      fmt::arg("independent", are_independent()),
      fmt::arg("done", "sum(u.status <> 'done' OR v.value IS NULL) = 0"), fmt::arg("runs", runs),
      fmt::arg("scale", scale_of("v.value")), fmt::arg("mean", sql_name(measure + "_mean")),
      fmt::arg("se", sql_name(measure + "_se")));
}

std::string definition(SQLite::Database& database, const std::string& experiment,
                       const std::string& view, const std::string& swept,
                       const std::string& measures) {
  const auto values = swept_values(nlohmann::json::parse(swept));
  std::string measured;
  for (const auto& measure : nlohmann::json::parse(measures))
    measured += statistics_of(measure.get<std::string>());
  return fmt::format(
      "CREATE VIEW {} AS\nSELECT\n  r.point_id,\n{}{}{}\nFROM results r\n{}"
      "WHERE r.experiment = {}",
      sql_name(view), values.columns, statistics(database), measured, values.joins,
      sql_text(experiment));
}

// sqlite_schema keeps the text of a definition as it was given.
bool is_current(SQLite::Database& database, const std::string& view, const std::string& sql) {
  SQLite::Statement query(database,
                          "SELECT sql = ? FROM sqlite_schema WHERE type = 'view' AND name = ?");
  query.bind(1, sql);
  query.bind(2, view);
  return query.executeStep() && query.getColumn(0).getInt() == 1;
}

}  // namespace

std::string view_name(SQLite::Database& database, const std::string& experiment) {
  std::string name;
  for (const unsigned char c : experiment)
    name += std::isalnum(c) ? static_cast<char>(std::tolower(c)) : '_';
  while (name.empty() || is_taken(database, name)) name.insert(0, "experiment_");
  return name;
}

// main: while merging, an attached store has views of the same names.
void make_experiment_view(SQLite::Database& database, std::int64_t experiment_id) {
  SQLite::Statement query(
      database, "SELECT name, view_name, swept, measures FROM experiments WHERE experiment_id = ?");
  query.bind(1, experiment_id);
  query.executeStep();
  const auto view = query.getColumn(1).getString();
  const auto sql = definition(database, query.getColumn(0).getString(), view,
                              query.getColumn(2).getString(), query.getColumn(3).getString());
  query.reset();
  if (is_current(database, view, sql)) return;
  database.exec("DROP VIEW IF EXISTS main." + sql_name(view));
  database.exec(sql);
}

void make_experiment_views(SQLite::Database& database) {
  SQLite::Statement query(database, "SELECT experiment_id FROM experiments ORDER BY 1");
  for (const auto id : rows(query, [](auto& row) { return row.getColumn(0).getInt64(); }))
    make_experiment_view(database, id);
}

}  // namespace descent::store
