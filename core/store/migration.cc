// SPDX-License-Identifier: MIT
#include "store/migration.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/experiment_view.h"

namespace descent {
namespace {

// Losses without bias2 and variance; replicates in blocks.
const char* const to_version_2 = R"sql(
ALTER TABLE bias_variance ADD COLUMN tie_count INTEGER;
ALTER TABLE bias_variance ADD COLUMN layout TEXT NOT NULL DEFAULT 'single';
ALTER TABLE bias_variance ADD COLUMN seeds INTEGER;
CREATE TABLE effects (
  point_id   INTEGER NOT NULL REFERENCES points,
  epoch      INTEGER NOT NULL,
  metric     TEXT NOT NULL,
  definition TEXT NOT NULL,
  term       TEXT NOT NULL,
  value      REAL,
  se         REAL,
  lo         REAL,
  hi         REAL,
  PRIMARY KEY (point_id, epoch, metric, definition, term)
) STRICT, WITHOUT ROWID;
)sql";

void drop_views(SQLite::Database& database) {
  for (const auto& name : texts(database, "SELECT name FROM sqlite_schema WHERE type = 'view'"))
    database.exec("DROP VIEW " + quoted_name(name));
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all{{1, to_version_2}};
  return all;
}

void migrate(SQLite::Database& database, const std::vector<Migration>& steps, int version) {
  if (integer(database, "PRAGMA user_version") >= version) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  drop_views(database);
  for (const auto& step : steps)
    if (step.from >= integer(database, "PRAGMA user_version")) {
      database.exec(step.sql);
      database.exec(fmt::format("PRAGMA user_version = {}", step.from + 1));
    }
  database.exec(views_sql);
  make_experiment_views(database);
  transaction.commit();
}

}  // namespace descent
