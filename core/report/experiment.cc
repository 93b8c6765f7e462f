// SPDX-License-Identifier: MIT
#include "report/experiment.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace descent::report {
namespace {

std::string text(const store::Value& value) {
  const auto* words = std::get_if<std::string>(&value);
  return words ? *words : "";
}

// Points in the order of their ids, and the values of the swept paths with them.
Grid read_grid(store::Reader& reader, std::int64_t experiment, const std::string& swept) {
  std::vector<std::int64_t> ids;
  store::for_each_row(
      reader,
      "SELECT point_id FROM points WHERE experiment_id = ? AND superseded_by IS NULL ORDER BY 1",
      [&](const auto& row) { ids.push_back(std::get<std::int64_t>(row.at(0))); }, {experiment});
  const auto paths = nlohmann::json::parse(swept).get<std::vector<std::string>>();
  std::map<std::string, std::vector<store::Value>> values;
  for (const auto& path : paths) values[path].resize(ids.size());
  store::for_each_row(
      reader, "SELECT point_id, path, value FROM swept_values WHERE experiment_id = ?",
      [&](const auto& row) {
        const auto found = std::ranges::lower_bound(ids, std::get<std::int64_t>(row.at(0)));
        values.at(text(row.at(1)))[std::size_t(found - ids.begin())] = row.at(2);
      },
      {experiment});
  return Grid(std::move(ids), paths, values);
}

void read_statuses(store::Reader& reader, Experiment& one) {
  store::for_each_row(
      reader,
      "SELECT status, count(*) FROM points JOIN runs USING (point_id) WHERE experiment_id = ? AND "
      "superseded_by IS NULL GROUP BY status ORDER BY status <> 'done', status",
      [&](const auto& row) {
        one.statuses.emplace_back(text(row.at(0)), std::get<std::int64_t>(row.at(1)));
      },
      {one.id});
  for (const auto& [status, count] : one.statuses) {
    one.runs += count;
    if (status == "done") one.done = count;
  }
}

void read_ranks(store::Reader& reader, Experiment& one) {
  std::string task;  // points of another one are ranked apart
  store::for_each_row(
      reader,
      "SELECT point_id, rank, metric, task, mean, lo, hi, mean_done, runs FROM scores WHERE "
      "experiment = ? ORDER BY metric, task, rank, point_id",
      [&](const auto& row) {
        if (one.ranked.empty()) {
          one.metric = text(row.at(2));
          task = text(row.at(3));
          one.best = {row.at(4), row.at(5), row.at(6), row.at(7),
                      std::get<std::int64_t>(row.at(8))};
        } else if (row.at(1) == store::Value(std::int64_t(1)) && text(row.at(2)) == one.metric &&
                   text(row.at(3)) == task) {
          ++one.equal_to_best;
        }
        one.ranked.push_back(one.grid.place(std::get<std::int64_t>(row.at(0))));
      },
      {one.name});
}

}  // namespace

std::string Experiment::objective_text() const {
  return objective == "total"       ? "total error"
         : objective == "test_loss" ? "test loss"
                                    : "training loss";
}

store::Value first_value(store::Reader& reader, const std::string& sql,
                         const std::vector<store::Value>& values) {
  auto rows = reader.query(sql, values);
  std::vector<store::Value> row;
  return rows.next(row) ? row.at(0) : store::Value();
}

std::int64_t first_integer(store::Reader& reader, const std::string& sql,
                           const std::vector<store::Value>& values) {
  const auto value = first_value(reader, sql, values);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole ? *whole : 0;
}

std::vector<std::string> texts(store::Reader& reader, const std::string& sql,
                               const std::vector<store::Value>& values) {
  std::vector<std::string> all;
  store::for_each_row(
      reader, sql, [&](const auto& row) { all.push_back(text(row.at(0))); }, values);
  return all;
}

std::vector<std::string> experiment_names(store::Reader& reader) {
  return texts(reader, "SELECT name FROM experiments ORDER BY experiment_id");
}

Experiment read_experiment(store::Reader& reader, const std::string& name) {
  std::vector<store::Value> row;
  auto rows = reader.query(
      "SELECT experiment_id, name, view_name, description, file, source, updated_at, objective, "
      "swept FROM experiments JOIN objectives USING (experiment_id) WHERE name = ?",
      {name});
  rows.next(row);
  const auto id = std::get<std::int64_t>(row.at(0));
  auto grid = read_grid(reader, id, text(row.at(8)));
  auto axes = axes_of(grid);
  Experiment one{.id = id,
                 .name = text(row.at(1)),
                 .view = text(row.at(2)),
                 .description = text(row.at(3)),
                 .file = text(row.at(4)),
                 .source = text(row.at(5)),
                 .registered = text(row.at(6)),
                 .objective = text(row.at(7)),
                 .metric = "",
                 .grid = std::move(grid),
                 .axes = std::move(axes),
                 .ranked = {},
                 .best = {},
                 .statuses = {}};
  read_statuses(reader, one);
  read_ranks(reader, one);
  const std::string current = " FROM points WHERE experiment_id = ? AND superseded_by IS NULL";
  one.planned = first_integer(reader, "SELECT sum(replicates)" + current, {id});
  one.finished =
      std::size_t(first_integer(reader, "SELECT count(*)" + current + " AND finished", {id}));
  one.is_decomposed =
      first_integer(reader,
                    "SELECT count(*) FROM (SELECT 1 FROM bias_variance WHERE bias2 IS NOT NULL AND "
                    "point_id IN (SELECT point_id" +
                        current + ") LIMIT 1)",
                    {id}) > 0;
  one.has_selections =
      first_integer(reader, "SELECT count(*) FROM selections WHERE experiment_id = ?", {id}) > 0;
  return one;
}

}  // namespace descent::report
