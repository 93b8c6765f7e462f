// SPDX-License-Identifier: MIT
// Merges experiments and points, without their runs.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "store/merge_steps.h"
#include "store/plan_tables.h"
#include "store/point_labels.h"

namespace descent::store {

// Out's description of an experiment stays; only swept paths and measures are added.
void merge_experiments(const MergeSource& m) {
  SQLite::Statement query(
      m.database,
      "SELECT s.name, coalesce(m.description, s.description), coalesce(m.file, s.file), "
      "coalesce(m.source, s.source), s.swept, coalesce(m.report, s.report), "
      "s.measures FROM "
      "source.experiments s "
      "LEFT JOIN main.experiments m ON m.name = s.name ORDER BY s.experiment_id");
  std::vector<ExperimentRecord> records;
  while (query.executeStep()) {
    const auto text = [&](int column) { return query.getColumn(column).getString(); };
    records.push_back({text(0), text(1), text(2), text(3), nlohmann::json::parse(text(4)), text(5),
                       nlohmann::json::parse(text(6))});
  }
  query.reset();
  for (const auto& record : records) register_experiment(m.database, record);
  m.database.exec(
      "INSERT OR IGNORE INTO main.warnings SELECT m.experiment_id, w.place, w.text "
      "FROM source.warnings w JOIN source.experiments s USING (experiment_id) "
      "JOIN main.experiments m USING (name)");
}

// Known points keep their id of out; new ones get the next ids in the order of the source.
std::uint64_t merge_points(const MergeSource& m) {
  m.database.exec(
      "INSERT INTO merged "
      "SELECT s.point_id, coalesce(m.point_id, (SELECT coalesce(max(point_id), 0) FROM "
      "       main.points) + row_number() OVER (PARTITION BY m.point_id ORDER BY s.point_id)), "
      "       m.point_id IS NULL "
      "FROM source.points s JOIN source.experiments se USING (experiment_id) "
      "JOIN main.experiments me ON me.name = se.name "
      "LEFT JOIN main.points m ON m.experiment_id = me.experiment_id "
      "                       AND m.configuration_hash = s.configuration_hash "
      "                       AND m.content_hash = s.content_hash");
  m.database.exec(
      "INSERT INTO main.points (point_id, experiment_id, position, content_hash, "
      "configuration_hash, configuration, replicates, primary_metric, ranked_by) "
      "SELECT g.new, me.experiment_id, s.position, s.content_hash, s.configuration_hash, "
      "       s.configuration, s.replicates, s.primary_metric, s.ranked_by "
      "FROM merged g JOIN source.points s ON s.point_id = g.old "
      "JOIN source.experiments se USING (experiment_id) "
      "JOIN main.experiments me ON me.name = se.name WHERE g.fresh ORDER BY g.new");
  return m.count("SELECT count(*) FROM merged WHERE fresh");
}

// Nothing to add where the points were there before.
void describe_points(const MergeSource& m) {
  if (m.is_part()) return;
  m.database.exec(
      "INSERT OR IGNORE INTO main.plugins SELECT * FROM source.plugins;"
      "INSERT INTO main.point_plugins SELECT g.new, s.hash "
      "FROM merged g JOIN source.point_plugins s ON s.point_id = g.old WHERE g.fresh;"
      "INSERT OR IGNORE INTO main.rungs SELECT g.new, s.epoch, s.metric, s.replicates, s.value, "
      "  s.rank, s.points, s.kept FROM merged g JOIN source.rungs s ON s.point_id = g.old;"
      "INSERT OR IGNORE INTO main.inputs (kind, name, hash) SELECT kind, name, hash "
      "FROM source.inputs ORDER BY input_id;"
      "INSERT INTO main.point_inputs SELECT g.new, i.input_id "
      "FROM merged g JOIN source.point_inputs s ON s.point_id = g.old "
      "JOIN source.inputs si USING (input_id) "
      "JOIN main.inputs i ON (i.kind, i.name, i.hash) = (si.kind, si.name, si.hash) "
      "WHERE g.fresh");
  SQLite::Statement experiments(m.database,
                                "SELECT m.experiment_id FROM main.experiments m "
                                "JOIN source.experiments s USING (name) ORDER BY 1");
  while (experiments.executeStep()) {
    const auto id = experiments.getColumn(0).getInt64();
    note_differences(m.database, id);
    note_swept_values(m.database, id);
    write_point_labels(m.database, id);
  }
}

// A new point that was superseded in its store is superseded here, by the same point. Then a new
// point that was current there supersedes the others of its configuration here.
void supersede(const MergeSource& m) {
  m.database.exec(
      "UPDATE main.points AS p SET superseded_by = n.new "
      "FROM merged g JOIN source.points s ON s.point_id = g.old "
      "JOIN merged n ON n.old = s.superseded_by WHERE g.fresh AND p.point_id = g.new;"
      "UPDATE main.points AS p SET superseded_by = q.point_id "
      "FROM merged g JOIN source.points s ON s.point_id = g.old AND s.superseded_by IS NULL "
      "JOIN main.points q ON q.point_id = g.new "
      "WHERE g.fresh AND p.experiment_id = q.experiment_id "
      "  AND p.configuration_hash = q.configuration_hash AND p.point_id <> q.point_id "
      "  AND p.superseded_by IS NULL");
}

}  // namespace descent::store
