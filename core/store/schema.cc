// SPDX-License-Identifier: MIT
#include "store/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "record/run.h"
#include "statistics/summary.h"
#include "store/sql_texts.h"

namespace descent::store {
namespace {

std::string type_of(double) { return "REAL"; }
std::string type_of(std::uint64_t) { return "INTEGER NOT NULL"; }
std::string type_of(const std::string&) { return "TEXT"; }  // an empty one is NULL
// A CHECK with IN would build a table of the values for every row that is written.
std::string type_of(record::Status) {
  return fmt::format("TEXT NOT NULL CHECK (status = '{}')",
                     fmt::join(record::status_names, "' OR status = '"));
}

std::string metric_rows() {
  std::vector<std::string> rows;
  for (const auto& [name, label, better] : record::metric_facts()) {
    const auto word = record::better_names[std::size_t(better)];
    rows.push_back(
        fmt::format("({}, '{}', '{}', nullif('{}', ''))", rows.size(), name, label, word));
  }
  return fmt::format("{}", fmt::join(rows, ", "));
}

// Of columns max_replicate_share and done.
std::string warning() {
  return fmt::format(
      "CASE WHEN max_replicate_share > max({}, {:.1f} / done)\n"
      "     THEN printf('one run has %.0f %% of the loss', 100 * max_replicate_share) END",
      statistics::dominant_share, statistics::dominant_multiple);
}

}  // namespace

std::vector<std::string> run_columns() {
  const record::Run run{};
  std::vector<std::string> columns;
  record::for_each_column(run, [&](const char* name, const auto& value) {
    columns.push_back(fmt::format("{} {}", name, type_of(value)));
  });
  return columns;
}

std::string scale_of(const std::string& loss) {
  return fmt::format(
      "CASE WHEN max(abs({0})) BETWEEN 1e-323 AND 1e-100 OR max(abs({0})) BETWEEN 1e100 AND "
      "1.79e308 "
      "THEN max(abs({0})) ELSE 1.0 END",
      loss);
}

std::string are_independent() {
  return "coalesce(json_extract(p.configuration, '$.replicates.layout'), 'single') = 'single'";
}

std::string test_over_training_sql() {
  const auto at = [](const char* path) {
    return fmt::format("json_extract(p.configuration, '$.{}')", path);
  };
  return fmt::format(
      "(SELECT CASE WHEN EXISTS (SELECT 1 FROM json_each(p.configuration, '$.replicates.vary') "
      "WHERE value = 'split') THEN test / ((1 - test) * (1 - validation)) ELSE 0.0 END "
      "FROM (SELECT coalesce(1.0 / {}, {}) AS test, coalesce({}, 0) AS validation))",
      at("data.csv.test.kfold"), at("data.csv.test.fraction"), at("data.csv.validation.fraction"));
}

std::string views_sql() {
  std::string counts, losses;
  for (const auto name : record::status_names)
    counts += fmt::format(
        "(SELECT count(*) FROM runs\n   WHERE run_id BETWEEN p.first_run AND p.last_run AND "
        "status = '{0}') AS {0},\n  ",
        name);
  for (const auto* loss : {"test_loss", "train_loss", "validation_loss"})
    losses +=
        fmt::format(fmt::runtime(loss_statistics_text), fmt::arg("loss", loss),
                    fmt::arg("scale", scale_of(loss)), fmt::arg("independent", are_independent()));
  return fmt::format(fmt::runtime(views_text), fmt::arg("status_counts", counts),
                     fmt::arg("loss_statistics", losses), fmt::arg("warning", warning()),
                     fmt::arg("independent", are_independent()),
                     fmt::arg("test_over_training", test_over_training_sql()));
}

std::string schema_sql() {
  return fmt::format(fmt::runtime(schema_text),
                     fmt::arg("run_columns", fmt::join(run_columns(), ",\n  ")),
                     fmt::arg("metric_rows", metric_rows()));
}

}  // namespace descent::store
