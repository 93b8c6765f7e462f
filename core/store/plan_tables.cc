// SPDX-License-Identifier: MIT
#include "store/plan_tables.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "store/bind.h"
#include "store/database.h"
#include "store/experiment_view.h"

namespace descent {
namespace {

using nlohmann::json;

std::int64_t next_id(SQLite::Database& database, const std::string& table, const std::string& id) {
  return integer(database, "SELECT coalesce(max(" + id + "), 0) + 1 FROM " + table);
}

// The first column of the first row; 0 when there is none. No id is 0.
std::int64_t found(SQLite::Statement& query) {
  return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

std::int64_t experiment_of(SQLite::Database& database, const std::string& name) {
  SQLite::Statement query(database, "SELECT experiment_id FROM experiments WHERE name = ?");
  Binder{query}(name);
  return found(query);
}

std::int64_t insert_experiment(SQLite::Database& database, const std::string& name) {
  const auto id = next_id(database, "experiments", "experiment_id");
  const auto view = view_name(database, name);
  SQLite::Statement insert(database,
                           "INSERT INTO experiments VALUES (?, ?, ?, '', '', '', '[]', "
                           "strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), '')");
  Binder{insert}(id)(name)(view).exec();
  return id;
}

// The paths known so far, then the new ones.
std::string united(SQLite::Database& database, std::int64_t id,
                   const std::vector<std::string>& swept) {
  SQLite::Statement query(database, "SELECT swept FROM experiments WHERE experiment_id = ?");
  Binder{query}(id);
  query.executeStep();
  auto all = json::parse(query.getColumn(0).getString());
  for (const auto& path : swept)
    if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(path);
  return all.dump();
}

// A number as it is, a boolean as 0 or 1 and a word, anything else as text, null as nothing.
void bind_value(SQLite::Statement& insert, const json& value, const std::string& text) {
  Binder bind(insert, 3);
  if (value.is_number_float() || (value.is_number_unsigned() && value.get<std::uint64_t>() >> 63))
    bind(value.get<double>()).null();
  else if (value.is_number())
    bind(value.get<std::int64_t>()).null();
  else if (value.is_boolean())
    bind(std::int64_t{value.get<bool>()})(text);
  else if (value.is_null())
    bind.null().null();
  else
    bind.null()(text);
}

void insert_parameters(SQLite::Database& database, std::int64_t id, const PointRecord& record) {
  SQLite::Statement insert(database, "INSERT INTO parameters VALUES (?, ?, ?, ?)");
  for (const auto& [path, value] : record.parameters) {
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    Binder{insert}(id)(path);
    bind_value(insert, value, text);
    execute(insert);
  }
}

void insert_plugins(SQLite::Database& database, std::int64_t id, const PointRecord& record) {
  SQLite::Statement plugin(database, "INSERT OR IGNORE INTO plugins VALUES (?, ?, ?, ?, ?)");
  SQLite::Statement link(database, "INSERT OR IGNORE INTO point_plugins VALUES (?, ?)");
  for (const auto& p : record.plugins) {
    Binder{plugin}(p.hash)(p.kind)(p.name)(std::int64_t{p.abi})(p.doc).exec();
    Binder{link}(id)(p.hash).exec();
  }
}

std::int64_t insert_point(SQLite::Database& database, const PointRecord& record) {
  const auto id = next_id(database, "points", "point_id");
  const auto configuration = record.configuration.dump();
  SQLite::Statement insert(
      database,
      "INSERT INTO points (point_id, experiment_id, position, content_hash, configuration_hash, "
      "configuration, replicates, primary_metric) VALUES " +
          placeholders(8));
  Binder{insert}(id)(record.experiment_id)(record.position)(record.content_hash)(
      record.configuration_hash)(configuration)(record.replicates)(record.primary_metric)
      .exec();
  insert_parameters(database, id, record);
  insert_plugins(database, id, record);
  return id;
}

// The grid may have been rearranged, or more replicates asked for, since the point was stored. A
// point that is finished with more than are asked for stays as it is.
void update_point(SQLite::Database& database, std::int64_t id, const PointRecord& record) {
  SQLite::Statement update(
      database,
      "UPDATE points SET position = ?1, primary_metric = ?3, superseded_by = "
      "NULL, finished = finished AND replicates >= ?2, replicates = CASE "
      "WHEN finished THEN max(replicates, ?2) ELSE ?2 END WHERE point_id = ?4");
  Binder{update}(record.position)(record.replicates)(record.primary_metric)(id).exec();
}

void supersede_others(SQLite::Database& database, std::int64_t id, const PointRecord& record) {
  SQLite::Statement update(database,
                           "UPDATE points SET superseded_by = ?1 WHERE experiment_id = ?2 AND "
                           "configuration_hash = ?3 AND point_id <> ?1");
  Binder{update}(id)(record.experiment_id)(record.configuration_hash).exec();
}

}  // namespace

std::int64_t register_experiment(SQLite::Database& database, const ExperimentRecord& record) {
  auto id = experiment_of(database, record.name);
  if (id == 0) id = insert_experiment(database, record.name);
  const auto swept = united(database, id, record.swept);
  SQLite::Statement update(database,
                           "UPDATE experiments SET description = ?, file = ?, source = ?, swept = "
                           "?, updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') "
                           "WHERE experiment_id = ?");
  Binder{update}(record.description)(record.file)(record.source)(swept)(id).exec();
  make_experiment_view(database, id);
  return id;
}

std::int64_t add_point(SQLite::Database& database, const PointRecord& record) {
  SQLite::Statement query(
      database, "SELECT point_id FROM points WHERE experiment_id = ? AND content_hash = ?");
  Binder{query}(record.experiment_id)(record.content_hash);
  auto id = found(query);
  if (id != 0)
    update_point(database, id, record);
  else
    id = insert_point(database, record);
  supersede_others(database, id, record);
  return id;
}

}  // namespace descent
