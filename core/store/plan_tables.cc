// SPDX-License-Identifier: MIT
#include "store/plan_tables.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "store/bind.h"
#include "store/database.h"
#include "store/experiment_view.h"

namespace descent::store {
namespace {

using nlohmann::json;

std::int64_t next_id(SQLite::Database& database, const std::string& table, const std::string& id) {
  return integer(database, "SELECT coalesce(max(" + id + "), 0) + 1 FROM " + table);
}

std::int64_t experiment_of(SQLite::Database& database, const std::string& name) {
  SQLite::Statement query(database, "SELECT experiment_id FROM experiments WHERE name = ?");
  Binder{query}(name);
  return first(query);
}

std::int64_t insert_experiment(SQLite::Database& database, const std::string& name) {
  const auto id = next_id(database, "experiments", "experiment_id");
  const auto view = view_name(database, name);
  SQLite::Statement insert(database,
                           "INSERT INTO experiments VALUES (?, ?, ?, '', '', '', '[]', '[]', '[]', "
                           "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), '')");
  Binder{insert}(id)(name)(view).exec();
  return id;
}

// The list in a column of an experiment, then what is new. Paths and measures only grow, as older
// points have the older ones.
std::string united(SQLite::Database& database, std::int64_t id, const std::string& column,
                   const std::vector<std::string>& added) {
  SQLite::Statement query(database,
                          "SELECT " + column + " FROM experiments WHERE experiment_id = ?");
  Binder{query}(id);
  query.executeStep();
  auto all = json::parse(query.getColumn(0).getString());
  for (const auto& one : added)
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  return all.dump();
}

// "model.layers.0.linear" as SQLite's JSON functions write it: $."model"."layers"[0]."linear".
std::string json_path(const std::string& path) {
  std::string all = "$";
  std::istringstream segments(path);
  for (std::string one; std::getline(segments, one, '.');)
    all += one.find_first_not_of("0123456789") == one.npos ? '[' + one + ']' : ".\"" + one + '"';
  return all;
}

}  // namespace

std::int64_t register_experiment(SQLite::Database& database, const ExperimentRecord& record) {
  auto id = experiment_of(database, record.name);
  if (id == 0) id = insert_experiment(database, record.name);
  const auto swept = united(database, id, "swept", record.swept);
  const auto measures = united(database, id, "measures", record.measures);
  SQLite::Statement update(
      database,
      "UPDATE experiments SET description = ?, file = ?, source = ?, swept = "
      "?, measures = ?, report = ?, updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') "
      "WHERE experiment_id = ?");
  Binder bind(update);
  bind(record.description)(record.file)(record.source)(swept)(measures)(record.report)(id).exec();
  make_experiment_view(database, id);
  return id;
}

// Any two points of one registration differ in swept paths only. So one point of each tells all
// that is new, and the first and the last point are of the first and of the last one. A path that
// only one of them has is left out where a choice above it differs: that one explains it.
void note_differences(SQLite::Database& database, std::int64_t experiment_id) {
  SQLite::Statement query(
      database,
      "WITH these AS (SELECT point_id FROM points WHERE experiment_id = ?1 AND superseded_by IS "
      "NULL), ends AS (SELECT * FROM (SELECT point_id FROM these ORDER BY point_id LIMIT 1) UNION "
      "SELECT * FROM (SELECT point_id FROM these ORDER BY point_id DESC LIMIT 1)), "
      "differing AS (SELECT v.path, count(*) AS n FROM ends CROSS JOIN parameters v "
      "ON v.point_id = ends.point_id WHERE (SELECT count(*) FROM ends) = 2 "
      "GROUP BY v.path HAVING count(*) = 1 OR count(DISTINCT quote(v.value)) = 2) "
      "SELECT path FROM differing d WHERE n = 2 OR NOT EXISTS (SELECT 1 FROM differing o "
      "WHERE substr(d.path, 1, length(o.path) + 1) = o.path || '.') ORDER BY path");
  Binder{query}(experiment_id);
  const auto paths = rows(query, [](auto& row) { return row.getColumn(0).getString(); });
  SQLite::Statement update(database, "UPDATE experiments SET swept = ?2 WHERE experiment_id = ?1");
  Binder{update}(experiment_id)(united(database, experiment_id, "swept", paths)).exec();
  make_experiment_view(database, experiment_id);
}

void write_warnings(SQLite::Database& database, std::int64_t experiment_id,
                    const std::vector<WarningRecord>& warnings) {
  SQLite::Statement forget(database, "DELETE FROM warnings WHERE experiment_id = ?");
  Binder{forget}(experiment_id).exec();
  SQLite::Statement insert(database, "INSERT OR IGNORE INTO warnings VALUES (?, ?, ?)");
  for (const auto& one : warnings) Binder{insert}(experiment_id)(one.place)(one.text).exec();
}

// Writes values in the form that the view `parameters` has, which a test compares. Existing rows
// stay, so that this can be called again after every addition of points or paths.
void note_swept_values(SQLite::Database& database, std::int64_t experiment_id) {
  SQLite::Statement query(database, "SELECT swept FROM experiments WHERE experiment_id = ?");
  Binder{query}(experiment_id);
  query.executeStep();
  SQLite::Statement insert(
      database,
      "INSERT INTO swept_parameters SELECT point_id, ?1, value FROM (SELECT point_id, "
      "CASE json_type(configuration, ?2) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
      "WHEN 'object' THEN json_extract(configuration, ?2 || '.name') WHEN 'array' THEN NULL "
      "ELSE json_extract(configuration, ?2) END AS value FROM points p WHERE experiment_id = ?3 "
      "AND NOT EXISTS (SELECT 1 FROM swept_parameters s WHERE s.point_id = p.point_id "
      "AND s.path = ?1)) WHERE value IS NOT NULL");
  for (const auto& path : json::parse(query.getColumn(0).getString())) {
    const auto text = path.get<std::string>();
    Binder{insert}(text)(json_path(text))(experiment_id).exec();
  }
}

// update_: since a point was stored, the grid may have been rearranged, or more replicates
// requested. A point that is finished with more replicates than requested stays finished, with its
// number.
PointTables::PointTables(SQLite::Database& database)
    : find_(database,
            "SELECT point_id FROM points WHERE configuration_hash = ? AND experiment_id = ? "
            "AND content_hash = ?"),
      last_(database, "SELECT max(point_id) FROM points"),
      insert_(database,
              "INSERT INTO points (point_id, experiment_id, position, content_hash, "
              "configuration_hash, configuration, replicates, primary_metric, ranked_by) VALUES " +
                  placeholders(9)),
      update_(
          database,
          "UPDATE points SET position = ?1, primary_metric = ?3, ranked_by = ?4, superseded_by = "
          "NULL, finished = finished AND replicates >= ?2, replicates = CASE "
          "WHEN finished THEN max(replicates, ?2) ELSE ?2 END WHERE point_id = ?5"),
      supersede_(database,
                 "UPDATE points SET superseded_by = ?1 WHERE experiment_id = ?2 AND "
                 "configuration_hash = ?3 AND point_id <> ?1"),
      plugin_(database, "INSERT OR IGNORE INTO plugins VALUES " + placeholders(5)),
      link_(database, "INSERT OR IGNORE INTO point_plugins VALUES " + placeholders(2)),
      input_(database, "INSERT OR IGNORE INTO inputs (kind, name, hash) VALUES " + placeholders(3)),
      link_input_(database,
                  "INSERT OR IGNORE INTO point_inputs SELECT ?, input_id FROM inputs "
                  "WHERE kind = ? AND name = ? AND hash = ?") {}

std::int64_t PointTables::add(const PointRecord& record) {
  Binder{find_}(record.configuration_hash)(record.experiment_id)(record.content_hash);
  auto id = first(find_);
  // First the row exists and is current (update_ clears superseded_by), then the others of its
  // configuration refer to it.
  if (id != 0)
    Binder{update_}(record.position)(record.replicates)(record.primary_metric)(record.ranked_by)(id)
        .exec();
  else
    id = insert(record);
  Binder{supersede_}(id)(record.experiment_id)(record.configuration_hash).exec();
  return id;
}

std::int64_t PointTables::insert(const PointRecord& record) {
  const auto id = record.point_id > 0 ? record.point_id : first(last_) + 1;
  Binder{insert_}(id)(record.experiment_id)(record.position)(record.content_hash)(
      record.configuration_hash)(record.configuration)(record.replicates)(record.primary_metric)(
      record.ranked_by)
      .exec();
  insert_plugins(id, record);
  insert_inputs(id, record);
  return id;
}

void PointTables::insert_plugins(std::int64_t id, const PointRecord& record) {
  for (const auto& p : record.plugins) {
    Binder{plugin_}(p.hash)(p.kind)(p.name)(std::int64_t{p.abi})(p.doc).exec();
    Binder{link_}(id)(p.hash).exec();
  }
}

void PointTables::insert_inputs(std::int64_t id, const PointRecord& record) {
  for (const auto& one : record.inputs) {
    Binder{input_}(one.kind)(one.name)(one.hash).exec();
    Binder{link_input_}(id)(one.kind)(one.name)(one.hash).exec();
  }
}

}  // namespace descent::store
