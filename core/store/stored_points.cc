// SPDX-License-Identifier: MIT
#include "store/stored_points.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/quotes.h"
#include "store/database.h"
#include "store/schema.h"

namespace descent::store {
namespace {

std::int64_t whole_number(const Value& value) { return std::get<std::int64_t>(value); }

std::uint64_t count_in(const Value& value) {
  return static_cast<std::uint64_t>(whole_number(value));
}

double real(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&value);
  return number ? *number : not_recorded;
}

}  // namespace

std::string text_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : "";
}

std::string text_of(const StoredPoint& point, const std::vector<std::string>& paths) {
  std::string all;
  for (const auto& path : paths)
    if (const auto found = point.parameters.find(path); found != point.parameters.end())
      all += (all.empty() ? "" : ", ") + path + "=" + text_of(found->second);
  return all;
}

std::vector<StoredExperiment> experiments_in(Reader& reader) {
  std::vector<StoredExperiment> all;
  for_each_row(reader,
               "SELECT experiment_id, name, file, swept FROM experiments ORDER BY experiment_id",
               [&](const auto& row) {
                 all.push_back({whole_number(row[0]), text_of(row[1]), text_of(row[2]),
                                nlohmann::json::parse(text_of(row[3]))});
               });
  return all;
}

std::vector<StoredPoint> points_of(Reader& reader, std::int64_t experiment) {
  std::vector<StoredPoint> all;
  const auto these =
      fmt::format("FROM points WHERE experiment_id = {} AND superseded_by IS NULL", experiment);
  for_each_row(
      reader,
      "SELECT point_id, replicates, finished, content_hash, configuration, primary_metric, label " +
          these + " ORDER BY point_id",
      [&](const auto& row) {
        all.push_back({whole_number(row[0]),
                       count_in(row[1]),
                       count_in(row[2]) != 0,
                       text_of(row[3]),
                       text_of(row[4]),
                       text_of(row[5]),
                       text_of(row[6]),
                       {}});
      });
  auto point = all.begin();
  for_each_row(reader,
               "SELECT point_id, path, value FROM parameters WHERE value IS NOT NULL AND "
               "point_id IN (SELECT point_id " +
                   these + ") ORDER BY point_id, path",
               [&](const auto& row) {
                 while (point->id != whole_number(row[0])) ++point;
                 point->parameters.emplace(text_of(row[1]), row[2]);
               });
  return all;
}

std::string value_of_run(const std::string& metric) {
  const auto known = record::find_metric(metric);
  if (!known || !record::is_measure(*known)) return sql_name(metric);
  return fmt::format(
      "(SELECT value FROM run_metrics WHERE run_id = runs.run_id AND metric_id = {})", int(*known));
}

std::vector<ReplicateValue> values_of(Reader& reader, std::int64_t point,
                                      const std::string& column) {
  std::vector<ReplicateValue> all;
  for_each_row(
      reader,
      fmt::format("SELECT replicate, CASE WHEN status = 'done' THEN {} END FROM runs "
                  "WHERE run_id BETWEEN {} AND {} ORDER BY run_id",
                  value_of_run(column), point * runs_per_point, (point + 1) * runs_per_point - 1),
      [&](const auto& row) {
        all.push_back({count_in(row[0]), real(row[1])});
      });
  return all;
}

std::string shared_data(Reader& reader, std::int64_t point) {
  std::string text;
  for_each_row(reader,
               fmt::format("SELECT json_extract(configuration, '$.replicates.resample'), {} > 0 "
                           "FROM points p WHERE point_id = ?",
                           test_over_training_sql()),
               [&](const auto& row) {
                 const auto scheme = text_of(row[0]);
                 if (scheme == "bootstrap" || scheme == "subsample" || scheme == "kfold" ||
                     scheme == "disjoint")
                   text =
                       fmt::format("training sets are drawn from one pool (resample: {})", scheme);
                 else if (row[1] == Value(std::int64_t(1)))
                   text = "each replicate splits the same file (vary: split)";
               },
               {point});
  return text;
}

double test_over_training(Reader& reader, std::int64_t point) {
  double ratio = 0;
  for_each_row(reader,
               fmt::format("SELECT {} FROM points p WHERE point_id = ?", test_over_training_sql()),
               [&](const auto& row) { ratio = real(row[0]); }, {point});
  return ratio;
}

std::vector<BiasVarianceRow::Part> jackknife_of(Reader& reader, std::int64_t point,
                                                const std::string& metric) {
  std::vector<BiasVarianceRow::Part> parts;
  for_each_row(reader,
               fmt::format("SELECT left_out, total, bias2, variance FROM jackknife "
                           "WHERE point_id = {} AND metric = {} ORDER BY part",
                           point, sql_text(metric)),
               [&](const auto& row) {
                 parts.push_back({count_in(row[0]), real(row[1]), real(row[2]), real(row[3])});
               });
  return parts;
}

std::vector<BiasVarianceRow::PointGroup> point_groups_of(Reader& reader, std::int64_t point,
                                                         const std::string& metric) {
  std::vector<BiasVarianceRow::PointGroup> groups;
  for_each_row(reader,
               fmt::format("SELECT points, total, bias2, variance FROM point_groups "
                           "WHERE point_id = {} AND metric = {} ORDER BY part",
                           point, sql_text(metric)),
               [&](const auto& row) {
                 groups.push_back({count_in(row[0]), real(row[1]), real(row[2]), real(row[3])});
               });
  return groups;
}

std::uint64_t first_unused_replicate(Reader& reader) {
  std::uint64_t unused = 0;
  for_each_row(reader,
               fmt::format("SELECT coalesce(max(max(coalesce(json_extract(configuration, "
                           "'$.replicates.first'), 0) + replicates, coalesce((SELECT max(run_id) % "
                           "{} FROM runs WHERE run_id BETWEEN first_run AND last_run) + 1, 0))), "
                           "0) FROM points",
                           runs_per_point),
               [&](const auto& row) { unused = count_in(row[0]); });
  return unused;
}

}  // namespace descent::store
